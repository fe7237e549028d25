//! What is computed of one sample, group by group.

use super::{
    correlate::Correlation,
    geometry::Convolution,
    walk::Direction,
    weights::WeightGradient,
    winograd::{self, Finish},
};
use crate::{columns, real::Real};
use core::ptr;

/// Computes the output from the padded input, rectified if so asked.
pub fn forward<T: Real>(
    conv: &Convolution,
    y: &mut [T],
    padded: &[T],
    packed: &[T],
    bias: &[T],
    rectify: bool,
    room: &mut [T],
) {
    assert_eq!(packed.len(), conv.packed(), "packed weights");
    let floor = if rectify { T::ZERO } else { T::of(f64::NEG_INFINITY) };
    let finish = Finish { bias, floor, mask: &[] };
    correlate(conv, Direction::forward(conv), (y, padded, packed), &finish, room);
}

/// Computes the input gradient from the spread output gradient; 0 where `mask`, unless it is empty,
/// is not above 0.
pub fn adjoint<T: Real>(
    conv: &Convolution,
    dx: &mut [T],
    spread: &[T],
    packed: &[T],
    bias: &[T],
    mask: &[T],
    room: &mut [T],
) {
    assert_eq!(packed.len(), conv.packed_adjoint(), "packed weights");
    let finish = Finish { bias, floor: T::of(f64::NEG_INFINITY), mask };
    correlate(conv, Direction::adjoint(conv), (dx, spread, packed), &finish, room);
}

fn correlate<T: Real>(
    conv: &Convolution,
    direction: Direction,
    (y, image, packed): (&mut [T], &[T], &[T]),
    finish: &Finish<'_, T>,
    room: &mut [T],
) {
    let Finish { bias, floor, mask } = *finish;
    let Direction { outs, positions: [rows, cols], .. } = direction;
    assert_eq!(y.len(), outs * rows * cols, "a scalar for each position and filter");
    assert!(bias.is_empty() || bias.len() == outs, "a bias for each filter");
    assert!(mask.is_empty() || mask.len() == y.len(), "a mask for each scalar");
    if conv.transformed {
        return winograd::correlate(direction, (y, image, packed), finish, room);
    }
    let (filters, weights) = (outs / conv.groups, packed.len() / conv.groups);
    for group in 0..conv.groups {
        let from = |x: &[T]| if x.is_empty() { ptr::null() } else { x[group * filters..].as_ptr() };
        T::correlate(Correlation {
            walk: direction.walk(conv, group, image),
            packed: packed[group * weights..].as_ptr(),
            bias: from(bias),
            to: y[group * filters..].as_mut_ptr(),
            to_step: [cols * outs, outs],
            filters,
            floor,
            mask: from(mask),
        });
    }
}

/// Adds the gradients by the parameters to `sums`: packed weights, then a bias for each filter.
pub fn add_gradients<T: Real>(
    conv: &Convolution,
    sums: &mut [T],
    padded: &[T],
    dy: &[T],
    with_bias: bool,
    room: &mut [T],
) {
    assert_eq!(dy.len(), conv.output(), "an output");
    assert_eq!(sums.len(), conv.sums(), "sums of gradients");
    let direction = Direction::forward(conv);
    let (filters, weights) = (conv.group_filters(), conv.packed() / conv.groups);
    let (sums, bias) = sums.split_at_mut(conv.packed());
    if conv.transformed {
        if with_bias {
            columns::add_sum(&mut bias[..conv.filters], dy, conv.filters, 0);
        }
        return winograd::add_gradients(direction, sums, (padded, dy), room);
    }
    for group in 0..conv.groups {
        let bias = &mut bias[group * filters..];
        T::weight_gradient(WeightGradient {
            walk: direction.walk(conv, group, padded),
            dy: dy[group * filters..].as_ptr(),
            dy_step: [conv.horizontal.positions * conv.filters, conv.filters],
            filters,
            sums: sums[group * weights..].as_mut_ptr(),
            bias: if with_bias { bias.as_mut_ptr() } else { ptr::null_mut() },
        });
    }
}
