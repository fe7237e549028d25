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

/// Adds the gradients by a share of the packed weights to `sums`, and those by as large a share of the
/// filters' biases to `biases`, unless there are none.
pub fn add_gradients<T: Real>(
    conv: &Convolution,
    share: usize,
    (sums, biases): (&mut [T], &mut [T]),
    padded: &[T],
    dy: &[T],
    room: &mut [T],
) {
    assert_eq!(dy.len(), conv.output(), "an output");
    assert_eq!(sums.len(), conv.packed() / conv.shares(), "sums of gradients");
    assert!(biases.is_empty() || biases.len() == conv.filters, "a bias for each filter");
    let direction = Direction::forward(conv);
    if conv.transformed {
        if !biases.is_empty() {
            let filters = conv.filters / conv.shares();
            let first = share * filters;
            columns::add_sum(&mut biases[first..][..filters], dy, conv.filters, first);
        }
        let halves = if conv.shares() == 2 { share..share + 1 } else { 0..2 };
        return winograd::add_gradients(direction, halves, sums, (padded, dy), room);
    }
    // There are groups, or shares, or neither.
    let (filters, weights) = (conv.group_filters() / conv.shares(), sums.len() / conv.groups);
    for group in 0..conv.groups {
        let first = (group + share) * filters;
        T::weight_gradient(WeightGradient {
            walk: direction.walk(conv, group, padded),
            dy: dy[first..].as_ptr(),
            dy_step: [conv.horizontal.positions * conv.filters, conv.filters],
            filters,
            sums: sums[group * weights..].as_mut_ptr(),
            bias: if biases.is_empty() { ptr::null_mut() } else { biases[first..].as_mut_ptr() },
        });
    }
}
