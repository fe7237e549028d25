//! A tile of outputs, some vectors of filters high and some columns wide, that stays in registers.

use super::CHAINS;
use crate::{scalar::Scalar, vector::Vector};
use typenum::Unsigned;

/// The most columns of a tile.
pub const WIDEST: usize = 6;

/// How many columns of so many vectors are a tile: with so many registers, sums leave some for a column of
/// weights and an input.
pub const fn widest(registers: usize, vectors: usize, taps: usize) -> usize {
    match (registers, vectors) {
        (32, 1) => WIDEST,
        (32, 2) => 3,
        // Taps beyond these are a loop, in each turn of which the compiler has more sums leave registers.
        (16, 1) if taps > 4 => 2,
        (16, 1) => 3,
        _ => 1,
    }
}

/// Several sums for each output of a tile: the terms of a tap go to them in turn.
pub type Sums<V, const H: usize, const W: usize> = [[[V; H]; W]; CHAINS];

/// Sums that begin with the biases, a column of `H` vectors.
///
/// # Safety
/// The instruction set of `V` is available, and the biases can be read.
#[inline(always)]
pub unsafe fn sums_from<T: Scalar, V: Vector<Elem = T>, const H: usize, const W: usize>(
    biases: *const T,
) -> Sums<V, H, W> {
    // SAFETY: the caller's promise.
    unsafe {
        let mut sums = [[[V::splat(T::ZERO); H]; W]; CHAINS];
        for i in 0..H {
            let bias = V::load(biases.add(i * V::LANES));
            for j in 0..W {
                sums[0][j][i] = bias;
            }
        }
        sums
    }
}

/// Adds the terms of a tap, of `C` channels: `weights` are a column of `H` vectors for each, `x` begins
/// with the first channel of the first of `W` columns. Returns where the weights of the next tap would lie.
///
/// # Safety
/// The instruction set of `V` is available, and weights and columns can be read.
#[inline(always)]
pub unsafe fn add_tap<C: Unsigned, T, V, const H: usize, const W: usize>(
    sums: &mut Sums<V, H, W>,
    (mut weights, stride): (*const T, usize),
    (mut x, x_stride): (*const T, usize),
) -> *const T
where
    T: Scalar,
    V: Vector<Elem = T>,
{
    // SAFETY: the caller's promise.
    unsafe {
        for _ in 0..C::USIZE / CHAINS {
            for chain in 0..CHAINS {
                add_term(&mut sums[chain], weights, x, x_stride);
                (weights, x) = (weights.wrapping_add(stride), x.wrapping_add(1));
            }
        }
        for chain in 0..C::USIZE % CHAINS {
            add_term(&mut sums[chain], weights, x, x_stride);
            (weights, x) = (weights.wrapping_add(stride), x.wrapping_add(1));
        }
    }
    weights
}

/// The sums of each output, added up.
///
/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
pub unsafe fn total<T: Scalar, V: Vector<Elem = T>, const H: usize, const W: usize>(
    sums: Sums<V, H, W>,
) -> [[V; H]; W] {
    let mut total = sums[0];
    for j in 0..W {
        for i in 0..H {
            // SAFETY: the caller's promise.
            unsafe {
                let (even, odd) =
                    (sums[0][j][i].add(sums[2][j][i]), sums[1][j][i].add(sums[3][j][i]));
                total[j][i] = even.add(odd);
            }
        }
    }
    total
}

/// Adds a term to the sums of `H` vectors of rows in `W` columns.
///
/// # Safety
/// The instruction set of `V` is available; there are `H` vectors of weights, and an element of `x`
/// in each column.
#[inline(always)]
unsafe fn add_term<T: Scalar, V: Vector<Elem = T>, const H: usize, const W: usize>(
    sums: &mut [[V; H]; W],
    weights: *const T,
    x: *const T,
    x_stride: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut column = [V::splat(T::ZERO); H];
        for i in 0..H {
            column[i] = V::load(weights.add(i * V::LANES));
        }
        for j in 0..W {
            let x = V::splat(*x.add(j * x_stride));
            for i in 0..H {
                sums[j][i] = sums[j][i].add_mul(column[i], x);
            }
        }
    }
}
