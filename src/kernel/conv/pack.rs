//! Weights in the order in which tiles read them.
//!
//! Filters are cut in blocks of two vectors (the last perhaps of one); in a block, each tap and
//! input channel has its filters side by side, with zeros where the last vector is not full:
//! `group, block, tap, channel, filter`.

use super::Convolution;
use crate::kernel::{
    Real,
    dispatch::{Isa, Kernel, dispatch},
    elementwise,
    vector::Vector,
};

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
}

fn forward_side(conv: &Convolution) -> Side {
    let (taps, ins) = (conv.taps(), conv.group_channels());
    let (outs, out_step) = (conv.group_filters(), ins * taps);
    Side { outs, out_step, ins, in_step: taps, taps, flip: false }
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

/// Packs for the forward pass.
pub fn forward<T: Real>(conv: &Convolution, packed: &mut [T], weight: &[T]) {
    pack(conv, packed, weight, forward_side(conv));
}

/// Packs for the adjoint.
pub fn adjoint<T: Real>(conv: &Convolution, packed: &mut [T], weight: &[T]) {
    pack(conv, packed, weight, adjoint_side(conv));
}

fn pack<T: Real>(conv: &Convolution, packed: &mut [T], weight: &[T], side: Side) {
    let groups = weight.chunks_exact(conv.weights() / conv.groups);
    let size = packed.len() / conv.groups;
    for (packed, weight) in packed.chunks_exact_mut(size).zip(groups) {
        dispatch(Pack { packed, weight, side });
    }
}

/// Adds up the sums of all pieces, of `size` scalars each, in the first.
pub fn add_up<T: Real>(sums: &mut [T], size: usize) {
    let (first, others) = sums.split_at_mut(size);
    others.chunks_exact(size).for_each(|other| elementwise::add(first, other));
}

/// Writes weights packed for the forward pass in their own order, or adds them.
pub fn unpack<T: Real>(conv: &Convolution, weight: &mut [T], packed: &[T], accumulate: bool) {
    let groups = weight.chunks_exact_mut(conv.weights() / conv.groups);
    let size = conv.packed() / conv.groups;
    for (packed, weight) in packed.chunks_exact(size).zip(groups) {
        dispatch(Unpack { packed, weight, side: forward_side(conv), accumulate });
    }
}

struct Pack<'a, T> {
    packed: &'a mut [T],
    weight: &'a [T],
    side: Side,
}

impl<T: Real> Kernel for Pack<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { packed, weight, side } = self;
        each_vector(side, T::Vector::<I>::LANES, |at, lanes, from| {
            let filters = weight[from..].iter().step_by(side.out_step);
            let (to, rest) = packed[at..][..T::Vector::<I>::LANES].split_at_mut(lanes);
            to.iter_mut().zip(filters).for_each(|(to, &w)| *to = w);
            rest.fill(T::ZERO);
        });
    }
}

struct Unpack<'a, T> {
    packed: &'a [T],
    weight: &'a mut [T],
    side: Side,
    accumulate: bool,
}

impl<T: Real> Kernel for Unpack<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { packed, weight, side, accumulate } = self;
        each_vector(side, T::Vector::<I>::LANES, |at, lanes, to| {
            let filters = weight[to..].iter_mut().step_by(side.out_step);
            for (w, &sum) in filters.zip(&packed[at..][..lanes]) {
                *w = if accumulate { *w + sum } else { sum };
            }
        });
    }
}

/// Calls `f` with the place of each vector of packed weights, how many of its lanes are filters,
/// and the place of the first of these among the weights.
#[inline(always)]
fn each_vector(side: Side, lanes: usize, mut f: impl FnMut(usize, usize, usize)) {
    let vectors = side.outs.div_ceil(lanes);
    for first in (0..vectors).step_by(BLOCK) {
        let block = BLOCK.min(vectors - first);
        let packed = first * lanes * side.taps * side.ins;
        for channel in 0..side.ins {
            for tap in 0..side.taps {
                let place = if side.flip { side.taps - 1 - tap } else { tap };
                for vector in 0..block {
                    let filter = (first + vector) * lanes;
                    f(
                        packed + ((tap * side.ins + channel) * block + vector) * lanes,
                        lanes.min(side.outs - filter),
                        filter * side.out_step + channel * side.in_step + place,
                    );
                }
            }
        }
    }
}
