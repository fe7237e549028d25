//! The gradient by the weights and the bias.
//!
//! A tile is some inputs of the filter, side by side, by one or two vectors of filters. All its
//! sums stay in registers while it goes over the whole image: each position adds, for each input,
//! one scalar of the image times the vectors of output gradients.

use super::{Convolution, correlate::taps, pack::BLOCK};
use crate::{
    Real,
    dispatch::{Isa, Kernel, dispatch},
    vector::Vector,
};

/// The sums of one sample and one group, with raw operands.
///
/// Invariant: all that the steps describe lies inside slices that are borrowed for as long.
pub struct WeightGradient<T> {
    /// The image at the first tap of the first position.
    x: *const T,
    x_step: [usize; 2],
    taps: [usize; 2],
    tap_step: [usize; 2],
    /// Scalars of a tap, side by side.
    run: usize,
    dy: *const T,
    dy_step: [usize; 2],
    /// Positions down and across.
    positions: [usize; 2],
    filters: usize,
    /// In the order of packed weights.
    sums: *mut T,
    /// Null, or a sum for each filter.
    bias: *mut T,
}

/// Adds one sample's gradients to `sums`: packed weights, then a bias for each filter.
pub fn add<T: Real>(conv: &Convolution, sums: &mut [T], padded: &[T], dy: &[T], with_bias: bool) {
    let (v, h) = (&conv.vertical, &conv.horizontal);
    assert_eq!(dy.len(), conv.output(), "an output");
    assert_eq!(padded.len(), conv.channels * v.padded() * h.padded(), "a padded input");
    assert_eq!(sums.len(), conv.sums(), "sums of gradients");
    let row = h.padded() * conv.channels;
    let (channels, filters) = (conv.group_channels(), conv.group_filters());
    let (taps, tap_step, run) = taps(conv, row, conv.channels, channels);
    let (sums, bias) = sums.split_at_mut(conv.packed());
    for group in 0..conv.groups {
        let start = group * (conv.packed() / conv.groups);
        T::weight_gradient(WeightGradient {
            x: padded[group * channels..].as_ptr(),
            x_step: [v.stride * row, h.stride * conv.channels],
            taps,
            tap_step,
            run,
            dy: dy[group * filters..].as_ptr(),
            dy_step: [h.positions * conv.filters, conv.filters],
            positions: [v.positions, h.positions],
            filters,
            sums: sums[start..].as_mut_ptr(),
            bias: if with_bias {
                bias[group * filters..].as_mut_ptr()
            } else {
                core::ptr::null_mut()
            },
        });
    }
}

impl<T: Real> WeightGradient<T> {
    /// Computes it; called by the scalar types, so that the code is compiled in this crate.
    pub(crate) fn compute(self) {
        dispatch(self);
    }
}

impl<T: Real> Kernel for WeightGradient<T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        blocks(isa, &self);
    }
}

/// Inputs of a tile, for each number of vectors.
const fn widest(registers: usize, vectors: usize) -> usize {
    match (registers, vectors) {
        (32, 1) => 24,
        (32, _) => 14,
        (16, 1) => 10,
        (16, _) => 6,
        (_, 1) => 4,
        (_, _) => 2,
    }
}

#[inline(always)]
fn blocks<T: Real, I: Isa>(isa: I, g: &WeightGradient<T>) {
    let lanes = T::Vector::<I>::LANES;
    let inputs = g.taps[0] * g.taps[1] * g.run;
    let vectors = g.filters.div_ceil(lanes);
    for first in (0..vectors).step_by(BLOCK) {
        let block = BLOCK.min(vectors - first);
        let filter = first * lanes;
        // The filters of the last vector.
        let last = (g.filters - filter).min(block * lanes) - (block - 1) * lanes;
        let parts = g.run.div_ceil(widest(T::Vector::<I>::REGISTERS, block));
        // By the invariant, all of this lies inside.
        let dy = g.dy.wrapping_add(filter);
        let mut sums = g.sums.wrapping_add(filter * inputs);
        for i in 0..g.taps[0] {
            for j in 0..g.taps[1] {
                let x = g.x.wrapping_add(i * g.tap_step[0] + j * g.tap_step[1]);
                for part in 0..parts {
                    let (start, end) = (part * g.run / parts, (part + 1) * g.run / parts);
                    let at = Place { x: x.wrapping_add(start), dy, sums, last };
                    any_tile(isa, g, &at, block, end - start);
                    sums = sums.wrapping_add((end - start) * block * lanes);
                }
            }
        }
        if !g.bias.is_null() {
            for vector in 0..block {
                let count = if vector + 1 < block { lanes } else { last };
                let filter = vector * lanes;
                // SAFETY: by the invariant, and the token of type `I` was given.
                unsafe {
                    let bias = g.bias.add(first * lanes + filter);
                    add_bias::<T, T::Vector<I>>(g, dy.add(filter), bias, count);
                }
            }
        }
    }
}

/// Where a tile lies.
struct Place<T> {
    x: *const T,
    dy: *const T,
    sums: *mut T,
    last: usize,
}

/// Calls the tile of the right constants.
#[inline(always)]
fn any_tile<T: Real, I: Isa>(
    isa: I,
    g: &WeightGradient<T>,
    at: &Place<T>,
    vectors: usize,
    inputs: usize,
) {
    macro_rules! choose {
        ($($v:literal: $($r:literal)*;)*) => {
            match (vectors, inputs) {
                $($(($v, $r) if const { $r <= widest(T::Vector::<I>::REGISTERS, $v) } => {
                    isa.call(Tile::<T, $r, $v> { g, at });
                })*)*
                _ => unreachable!("tiles are at most 24 inputs by 1 vector or 14 by 2"),
            }
        };
    }
    choose! {
        1: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24;
        2: 1 2 3 4 5 6 7 8 9 10 11 12 13 14;
    }
}

/// A tile of `R` inputs by `N` vectors, the last with `at.last` filters; it lies inside.
struct Tile<'a, T, const R: usize, const N: usize> {
    g: &'a WeightGradient<T>,
    at: &'a Place<T>,
}

impl<T: Real, const R: usize, const N: usize> Kernel for Tile<'_, T, R, N> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // SAFETY: the token of type `I` was given, and the tile lies inside.
        unsafe { tile::<T, T::Vector<I>, R, N>(self.g, self.at) }
    }
}

/// Computes a [`Tile`].
///
/// # Safety
/// The instruction set of `V` is available, and the tile lies inside.
#[inline(always)]
unsafe fn tile<T: Real, V: Vector<Elem = T>, const R: usize, const N: usize>(
    g: &WeightGradient<T>,
    at: &Place<T>,
) {
    // SAFETY: of all blocks below: `V` is available, and the invariant of `g`.
    let lanes = |n: usize| if n + 1 < N { V::LANES } else { at.last };
    let mut sums = [[unsafe { V::splat(T::ZERO) }; N]; R];
    for row in 0..g.positions[0] {
        let mut x = at.x.wrapping_add(row * g.x_step[0]);
        let mut dy = at.dy.wrapping_add(row * g.dy_step[0]);
        for _ in 0..g.positions[1] {
            let mut gradients = sums[0];
            for n in 0..N {
                gradients[n] = unsafe { V::load_first(dy.wrapping_add(n * V::LANES), lanes(n)) };
            }
            for r in 0..R {
                let x = unsafe { V::splat(*x.wrapping_add(r)) };
                for n in 0..N {
                    sums[r][n] = unsafe { sums[r][n].add_mul(gradients[n], x) };
                }
            }
            x = x.wrapping_add(g.x_step[1]);
            dy = dy.wrapping_add(g.dy_step[1]);
        }
    }
    for r in 0..R {
        for n in 0..N {
            unsafe {
                let to = at.sums.add((r * N + n) * V::LANES);
                V::load(to).add(sums[r][n]).store(to);
            }
        }
    }
}

/// Adds the gradients of one vector of filters over all positions.
///
/// # Safety
/// The instruction set of `V` is available, and there are `lanes` filters.
#[inline(always)]
unsafe fn add_bias<T: Real, V: Vector<Elem = T>>(
    g: &WeightGradient<T>,
    dy: *const T,
    bias: *mut T,
    lanes: usize,
) {
    /// Sums at a time, so that an addition need not wait for the one before.
    const SUMS: usize = 4;
    // SAFETY: of all blocks below: `V` is available, and the invariant of `g`.
    let mut sums = [unsafe { V::splat(T::ZERO) }; SUMS];
    for row in 0..g.positions[0] {
        let dy = dy.wrapping_add(row * g.dy_step[0]);
        let at = |col: usize| dy.wrapping_add(col * g.dy_step[1]);
        let whole = g.positions[1] / SUMS * SUMS;
        for col in (0..whole).step_by(SUMS) {
            for i in 0..SUMS {
                sums[i] = unsafe { sums[i].add(V::load_first(at(col + i), lanes)) };
            }
        }
        for col in whole..g.positions[1] {
            sums[0] = unsafe { sums[0].add(V::load_first(at(col), lanes)) };
        }
    }
    unsafe {
        let sum = sums[0].add(sums[1]).add(sums[2].add(sums[3]));
        V::load_first(bias, lanes).add(sum).store_first(bias, lanes);
    }
}
