//! Weights in the order in which tiles read them.
//!
//! Filters are cut in blocks of two vectors (the last perhaps of one); in a block, each tap and
//! input channel has its filters side by side, with zeros where the last vector is not full:
//! `group, block, tap, channel, filter`. For [Winograd's transforms](super::winograd) each tap is a plane
//! of its own: `tap, block, channel, filter`.

use super::{
    geometry::{Convolution, WIDEST},
    winograd::{self, PLANES},
};
use crate::{
    dispatch::{Isa, Kernel, dispatch},
    elementwise, parallel,
    scalar::Scalar,
    vector::Vector,
};
use core::ops::Range;

/// Vectors of a block.
pub const BLOCK: usize = 2;

/// One group's weights, seen from either side.
#[derive(Clone, Copy)]
struct Side {
    /// Filters of a correlation, and weights from one to the next.
    outs: usize,
    out_step: usize,
    /// Its input channels, and weights from one to the next.
    ins: usize,
    in_step: usize,
    taps: usize,
    /// Whether taps are taken from the last to the first.
    flip: bool,
    /// Scalars of a plane for each tap, or 0 where there are no planes.
    plane: usize,
}

impl Side {
    /// Where a filter has the weight of an input.
    #[inline(always)]
    fn input(self, channel: usize, tap: usize) -> usize {
        channel * self.in_step + if self.flip { self.taps - 1 - tap } else { tap }
    }
}

fn forward_side(conv: &Convolution) -> Side {
    let (taps, ins) = (conv.taps(), conv.group_channels());
    let (outs, out_step) = (conv.group_filters(), ins * taps);
    let plane = if conv.transformed { conv.packed() / PLANES } else { 0 };
    Side { outs, out_step, ins, in_step: taps, taps, flip: false, plane }
}

fn adjoint_side(conv: &Convolution) -> Side {
    let side = forward_side(conv);
    Side {
        outs: side.ins,
        out_step: side.in_step,
        ins: side.outs,
        in_step: side.out_step,
        flip: true,
        ..side
    }
}

impl Convolution {
    /// Packs the weights for [`forward`](super::forward).
    ///
    /// # Panics
    /// When the lengths are not those of the geometry, or there are no weights.
    #[track_caller]
    pub fn pack<T: Scalar>(&self, packed: &mut [T], weight: &[T]) {
        pack(self, packed, weight, (forward_side(self), self.packed()));
    }

    /// Packs the weights for [`transposed`](super::transposed).
    ///
    /// # Panics
    /// As [`pack`](Self::pack).
    #[track_caller]
    pub fn pack_adjoint<T: Scalar>(&self, packed: &mut [T], weight: &[T]) {
        pack(self, packed, weight, (adjoint_side(self), self.packed_adjoint()));
    }
}

#[track_caller]
fn pack<T: Scalar>(
    conv: &Convolution,
    packed: &mut [T],
    weight: &[T],
    (side, size): (Side, usize),
) {
    assert_eq!((weight.len(), packed.len()), (conv.weights(), size), "weights to pack");
    let taps = 0..side.taps;
    if conv.transformed {
        let planes = &mut packed[(PLANES - side.taps) * side.plane..];
        if parallel::threads_for(weight.len()) > 1 {
            parallel::for_each_chunk(planes, side.plane, weight.len(), |tap, packed| {
                dispatch(Pack { packed, weight, side, taps: tap..tap + 1 });
            });
        } else {
            dispatch(Pack { packed: planes, weight, side, taps });
        }
        return winograd::transform_weights(packed);
    }
    let groups = weight.chunks_exact(conv.weights() / conv.groups);
    for (packed, weight) in packed.chunks_exact_mut(size / conv.groups).zip(groups) {
        dispatch(Pack { packed, weight, side, taps: taps.clone() });
    }
}

/// Adds up sums of `size` scalars each, in the first.
pub fn add_up<T: Scalar>(sums: &mut [T], size: usize) {
    const PIECE: usize = 1 << 12;
    const PER_NANOSECOND: usize = 4;
    let (first, others) = sums.split_at_mut(size);
    parallel::for_each_chunk(first, PIECE, others.len() / PER_NANOSECOND, |i, first| {
        for other in others.chunks_exact(size) {
            elementwise::add(first, &other[i * PIECE..][..first.len()]);
        }
    });
}

/// Writes gradients by weights packed for the forward pass in their own order, or adds them.
pub fn unpack<T: Scalar>(conv: &Convolution, weight: &mut [T], packed: &mut [T], accumulate: bool) {
    if conv.transformed {
        winograd::transform_back(packed);
    }
    let (side, size) = (forward_side(conv), conv.packed() / conv.groups);
    let groups = weight.chunks_exact_mut(conv.weights() / conv.groups);
    for (packed, weight) in packed.chunks_exact(size).zip(groups) {
        let cost = weight.len();
        parallel::for_each_chunk(weight, WIDEST * side.out_step, cost, |i, weight| {
            dispatch(Unpack { packed, weight, side, first: i * WIDEST, accumulate });
        });
    }
}

struct Pack<'a, T> {
    packed: &'a mut [T],
    weight: &'a [T],
    side: Side,
    /// Those that have a place in `packed`.
    taps: Range<usize>,
}

impl<T: Scalar> Kernel for Pack<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { packed, weight, side, taps } = self;
        let lanes = T::Vector::<I>::LANES;
        let inputs = side.ins * side.taps;
        // Squares of as many inputs as filters, the last of a filter overlapping the one before.
        let all = taps.len() == side.taps;
        let squares = all && side.in_step == side.taps && !side.flip && inputs >= lanes;
        for i in 0..side.outs.div_ceil(lanes) {
            let vector = VectorOfFilters::new(side, lanes, i);
            let weight = &weight[vector.filter * side.out_step..];
            if !squares || vector.filters < lanes {
                for channel in 0..side.ins {
                    for tap in taps.clone() {
                        let from = weight[side.input(channel, tap)..].iter().step_by(side.out_step);
                        let to = &mut packed[vector.place(channel, tap - taps.start)..][..lanes];
                        let (to, rest) = to.split_at_mut(vector.filters);
                        to.iter_mut().zip(from).for_each(|(to, &w)| *to = w);
                        rest.fill(T::ZERO);
                    }
                }
                continue;
            }
            let weight = &weight[..(lanes - 1) * side.out_step + inputs];
            let mut square = [T::ZERO; WIDEST * WIDEST];
            for input in (0..inputs).step_by(lanes) {
                let input = input.min(inputs - lanes);
                let from = weight[input..].as_ptr();
                // SAFETY: the token of type `I` was given; from `input` on, `lanes` inputs of each of
                // `lanes` filters are in `weight`, and so many vectors fit the square.
                unsafe {
                    T::Vector::<I>::transpose(from, side.out_step, square.as_mut_ptr(), lanes)
                };
                let (mut channel, mut tap) = (input / side.taps, input % side.taps);
                for filters in square.chunks_exact(lanes).take(lanes) {
                    packed[vector.place(channel, tap)..][..lanes].copy_from_slice(filters);
                    tap += 1;
                    if tap == side.taps {
                        (channel, tap) = (channel + 1, 0);
                    }
                }
            }
        }
    }
}

struct Unpack<'a, T> {
    packed: &'a [T],
    /// Of some filters.
    weight: &'a mut [T],
    side: Side,
    /// The first of these, and of a vector.
    first: usize,
    accumulate: bool,
}

impl<T: Scalar> Kernel for Unpack<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { packed, weight, side, first, accumulate } = self;
        let lanes = T::Vector::<I>::LANES;
        let end = first + weight.len() / side.out_step;
        for i in first / lanes..end.div_ceil(lanes) {
            let vector = VectorOfFilters::new(side, lanes, i);
            let weight = &mut weight[(vector.filter - first) * side.out_step..];
            for channel in 0..side.ins {
                for tap in 0..side.taps {
                    let to = weight[side.input(channel, tap)..].iter_mut().step_by(side.out_step);
                    let from = &packed[vector.place(channel, tap)..][..vector.filters];
                    for (w, &sum) in to.zip(from) {
                        *w = if accumulate { *w + sum } else { sum };
                    }
                }
            }
        }
    }
}

/// A vector of filters among the packed weights.
#[derive(Clone, Copy)]
struct VectorOfFilters {
    /// The first of its filters, and how many there are.
    filter: usize,
    filters: usize,
    /// Where its first input is, and how far it is to the next channel and tap.
    start: usize,
    step: usize,
    tap_step: usize,
}

impl VectorOfFilters {
    /// Vector `i` of a group.
    #[inline(always)]
    fn new(side: Side, lanes: usize, i: usize) -> Self {
        let first = i / BLOCK * BLOCK;
        let block = BLOCK.min(side.outs.div_ceil(lanes) - first);
        let step = block * lanes;
        let (taps, tap_step) =
            if side.plane > 0 { (1, side.plane) } else { (side.taps, side.ins * step) };
        Self {
            filter: i * lanes,
            filters: lanes.min(side.outs - i * lanes),
            start: (first * taps * side.ins + i - first) * lanes,
            step,
            tap_step,
        }
    }

    /// Where the weights of an input are.
    #[inline(always)]
    fn place(self, channel: usize, tap: usize) -> usize {
        self.start + tap * self.tap_step + channel * self.step
    }
}
