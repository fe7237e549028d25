//! The gradient by the weights and the bias.
//!
//! A tile is some inputs of the filter, side by side, by one or two vectors of filters. All its
//! sums stay in registers while it goes over the whole image: each position adds, for each input,
//! one scalar of the image times the vectors of output gradients.

use super::{pack::BLOCK, walk::Walk};
use crate::{
    dispatch::{Isa, Kernel, dispatch},
    scalar::Scalar,
    sizes::constants,
    vector::Vector,
};

/// The sums of one sample and one group, with raw operands.
///
/// Invariant: what is read, a gradient for each position and filter, and what is added to lies inside
/// slices that are borrowed for as long.
pub struct WeightGradient<T> {
    pub(super) walk: Walk<T>,
    pub(super) dy: *const T,
    /// From one position to the next, down and across.
    pub(super) dy_step: [usize; 2],
    pub(super) filters: usize,
    /// In the order of packed weights.
    pub(super) sums: *mut T,
    /// Null, or a sum for each filter.
    pub(super) bias: *mut T,
}

impl<T: Scalar> WeightGradient<T> {
    /// Computes it; called by the scalar types, so that the code is compiled in this crate.
    pub(crate) fn compute(self) {
        dispatch(self);
    }
}

impl<T: Scalar> Kernel for WeightGradient<T> {
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
        _ if !cfg!(feature = "batches") => 1,
        (32, 1) => 24,
        (32, _) => 14,
        (16, 1) => 10,
        (16, _) => 6,
        (_, 1) => 4,
        (_, _) => 2,
    }
}

#[inline(always)]
fn blocks<T: Scalar, I: Isa>(isa: I, g: &WeightGradient<T>) {
    let lanes = T::Vector::<I>::LANES;
    let inputs = g.walk.inputs();
    let vectors = g.filters.div_ceil(lanes);
    for first in (0..vectors).step_by(BLOCK) {
        let block = BLOCK.min(vectors - first);
        let filter = first * lanes;
        // The filters of the last vector.
        let last = (g.filters - filter).min(block * lanes) - (block - 1) * lanes;
        let parts = g.walk.run.div_ceil(widest(T::Vector::<I>::REGISTERS, block));
        // By the invariant, all of this lies inside.
        let dy = g.dy.wrapping_add(filter);
        let mut sums = g.sums.wrapping_add(filter * inputs);
        for i in 0..g.walk.taps[0] {
            for j in 0..g.walk.taps[1] {
                let x = g.walk.image.wrapping_add(i * g.walk.tap_step[0] + j * g.walk.tap_step[1]);
                for part in 0..parts {
                    let (start, end) = (part * g.walk.run / parts, (part + 1) * g.walk.run / parts);
                    let at = Place { x: x.wrapping_add(start), dy, sums, last };
                    constants! {
                        N = block, in [1 2];
                        R = end - start, in [1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24];
                        if R <= widest(T::Vector::<I>::REGISTERS, N) => {
                            isa.call(Tile::<T, R, N> { g, at: &at });
                        }
                    }
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

/// A tile of `R` inputs by `N` vectors, the last with `at.last` filters; it lies inside.
struct Tile<'a, T, const R: usize, const N: usize> {
    g: &'a WeightGradient<T>,
    at: &'a Place<T>,
}

impl<T: Scalar, const R: usize, const N: usize> Kernel for Tile<'_, T, R, N> {
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
unsafe fn tile<T: Scalar, V: Vector<Elem = T>, const R: usize, const N: usize>(
    g: &WeightGradient<T>,
    at: &Place<T>,
) {
    let lanes = |n: usize| if n + 1 < N { V::LANES } else { at.last };
    // SAFETY: `V` is available; by the invariant of `g` the tile's inputs, gradients and sums lie
    // inside, and of the last vector of filters only the first `at.last` are read.
    unsafe {
        let mut sums = [[V::splat(T::ZERO); N]; R];
        for row in 0..g.walk.positions[0] {
            let mut x = at.x.wrapping_add(row * g.walk.step[0]);
            let mut dy = at.dy.wrapping_add(row * g.dy_step[0]);
            for _ in 0..g.walk.positions[1] {
                let mut gradients = sums[0];
                for n in 0..N {
                    gradients[n] = V::load_first(dy.wrapping_add(n * V::LANES), lanes(n));
                }
                for r in 0..R {
                    let x = V::splat(*x.wrapping_add(r));
                    for n in 0..N {
                        sums[r][n] = sums[r][n].add_mul(gradients[n], x);
                    }
                }
                x = x.wrapping_add(g.walk.step[1]);
                dy = dy.wrapping_add(g.dy_step[1]);
            }
        }
        for r in 0..R {
            for n in 0..N {
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
unsafe fn add_bias<T: Scalar, V: Vector<Elem = T>>(
    g: &WeightGradient<T>,
    dy: *const T,
    bias: *mut T,
    lanes: usize,
) {
    /// Sums at a time, so that an addition need not wait for the one before.
    const SUMS: usize = 4;
    // SAFETY: `V` is available; by the invariant of `g` each position has a gradient for each of
    // the `lanes` filters, and there is a sum for each.
    unsafe {
        let mut sums = [V::splat(T::ZERO); SUMS];
        for row in 0..g.walk.positions[0] {
            let dy = dy.wrapping_add(row * g.dy_step[0]);
            let at = |col: usize| dy.wrapping_add(col * g.dy_step[1]);
            let whole = g.walk.positions[1] / SUMS * SUMS;
            for col in (0..whole).step_by(SUMS) {
                for i in 0..SUMS {
                    sums[i] = sums[i].add(V::load_first(at(col + i), lanes));
                }
            }
            for col in whole..g.walk.positions[1] {
                sums[0] = sums[0].add(V::load_first(at(col), lanes));
            }
        }
        let sum = sums[0].add(sums[1]).add(sums[2].add(sums[3]));
        V::load_first(bias, lanes).add(sum).store_first(bias, lanes);
    }
}
