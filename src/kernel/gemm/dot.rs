//! Products whose operands are both contiguous along the axis that is summed over.
//!
//! Vectors run along the sums: every element of a tile of `C` has an accumulator register, and
//! each step adds 16 (say) terms to all of them. In the end the lanes of each are added up, those
//! of four rows at a time. Nothing is copied and no row or column is padded, which makes this the
//! better way where a matrix is thin.

use super::product::{Bias, Product, deal};
use crate::kernel::{
    Real,
    dispatch::{Isa, Kernel, dispatch},
    vector::{Vector, opaque},
};

/// Rows of a tile.
const HEIGHT: usize = 4;
/// Columns of a tile, if there are 32 registers: 24 accumulators, 4 + 1 operands.
const WIDTH: usize = 6;
/// Columns of a tile, if there are 16 registers: 8 accumulators, 4 + 1 operands.
const NARROW: usize = 2;
/// Terms that are summed up before the next block, so that the columns of a tile stay in the
/// cache of the first level.
const DEPTH: usize = 1024;
/// Scalars of `A` in a block, so that they stay in the cache of the second level.
const BLOCK: usize = 1 << 17;

/// Whether this is the faster way to compute a product, as far as its shape and strides tell.
///
/// The estimates count fused multiply-adds of vectors of a cache line, or what takes as long. The
/// factors were measured.
pub(super) fn suits<T>(p: &Product<T>) -> bool {
    if p.a.depth_stride != 1 || p.b.depth_stride != 1 {
        return false;
    }
    if p.cols < 4 {
        return true;
    }
    let lanes = 64 / size_of::<T>();
    let [rows, cols, depth] = [p.rows as u64, p.cols as u64, p.depth as u64];
    let vectors = p.rows.div_ceil(lanes) as u64;
    // Reading rows that do not start on cache lines takes longer than the arithmetic.
    let aligned = p.a.stride.is_multiple_of(lanes) && p.b.stride.is_multiple_of(lanes);
    let percent = if aligned { 130 } else { 195 };
    let dot = rows * cols * (depth * percent / 100 / lanes as u64 + 12);
    // One vector high, a tile has too few accumulators to hide the latency.
    let percent = if vectors == 1 { 190 } else { 120 };
    let outer = vectors * cols * (depth * percent / 100 + 12) + rows * depth / 2;
    dot <= outer
}

/// Computes a product.
pub(super) fn compute<T: Real>(p: Product<T>) {
    dispatch(Dot(p));
}

struct Dot<T>(Product<T>);

impl<T: Real> Kernel for Dot<T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let mut rest = self.0;
        loop {
            let parts = rest.depth.div_ceil(DEPTH).max(1);
            let depth = rest.depth.div_ceil(parts).next_multiple_of(T::Vector::<I>::LANES);
            let (p, after) = rest.split_depth(depth.min(rest.depth));
            let most = (BLOCK / p.depth.max(1)).next_multiple_of(HEIGHT);
            for (row, rows) in deal(p.rows, most) {
                // SAFETY: the token of type `I` was given.
                unsafe { tiles::<T, T::Vector<I>>(p.part(row, rows, 0, p.cols)) };
            }
            match after {
                Some(after) => rest = after,
                None => return,
            }
        }
    }
}

/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
unsafe fn tiles<T: Real, V: Vector<Elem = T>>(p: Product<T>) {
    let width = if V::REGISTERS == 32 { WIDTH } else { NARROW };
    for (col, cols) in deal(p.cols, width) {
        for (row, rows) in deal(p.rows, HEIGHT) {
            let part = p.part(row, rows, col, cols);
            // SAFETY: the caller's promise; the tile is not empty and has that many columns.
            unsafe {
                match cols {
                    1 => tile::<T, V, 1>(part),
                    2 => tile::<T, V, 2>(part),
                    3 if const { V::REGISTERS == 32 } => tile::<T, V, 3>(part),
                    4 if const { V::REGISTERS == 32 } => tile::<T, V, 4>(part),
                    5 if const { V::REGISTERS == 32 } => tile::<T, V, 5>(part),
                    6 if const { V::REGISTERS == 32 } => tile::<T, V, 6>(part),
                    _ => unreachable!("tiles are at most 6 columns wide"),
                }
            }
        }
    }
}

/// One tile of at most `HEIGHT` rows and exactly `W` columns.
///
/// # Safety
/// The instruction set of `V` is available, `p` is not empty and has `W` columns, and both
/// operands are contiguous along the sums.
#[inline(always)]
unsafe fn tile<T: Real, V: Vector<Elem = T>, const W: usize>(p: Product<T>) {
    // SAFETY: of all blocks below: `V` is available by the caller's promise, and every access is
    // to one of the first `depth` terms of a row or column of the tile.
    let zero = unsafe { V::splat(T::ZERO) };
    // Rows that are missing repeat the last; their sums are not stored.
    let mut a = [p.a.ptr; HEIGHT];
    for i in 1..HEIGHT {
        a[i] = opaque(p.a.at(i.min(p.rows - 1), 0));
    }
    let mut b = [p.b.ptr; W];
    for j in 1..W {
        b[j] = opaque(p.b.at(j, 0));
    }

    // The bias and the old `C` are terms like others, in the first lane.
    let mut sums = [[zero; HEIGHT]; W];
    match p.bias {
        Bias::None => {}
        Bias::OfRows(bias) => {
            for i in 0..HEIGHT {
                let x = unsafe { V::load_first(bias.add(i.min(p.rows - 1)), 1) };
                for j in 0..W {
                    sums[j][i] = x;
                }
            }
        }
        Bias::OfColumns(bias) => {
            for j in 0..W {
                sums[j] = [unsafe { V::load_first(bias.add(j), 1) }; HEIGHT];
            }
        }
    }
    if p.beta != T::ZERO {
        let beta = unsafe { V::splat(p.beta) };
        for i in 0..HEIGHT {
            for j in 0..W {
                unsafe {
                    let c = p.c.add(i.min(p.rows - 1) + j * p.c_stride);
                    sums[j][i] = sums[j][i].add_mul(V::load_first(c, 1), beta);
                }
            }
        }
    }

    let mut k = 0;
    while k + V::LANES <= p.depth {
        let mut rows = [zero; HEIGHT];
        for i in 0..HEIGHT {
            rows[i] = unsafe { V::load(a[i].add(k)) };
        }
        for j in 0..W {
            let column = unsafe { V::load(b[j].add(k)) };
            for i in 0..HEIGHT {
                sums[j][i] = unsafe { sums[j][i].add_mul(rows[i], column) };
            }
        }
        k += V::LANES;
    }
    let rest = p.depth - k;
    if rest > 0 {
        let mut rows = [zero; HEIGHT];
        for i in 0..HEIGHT {
            rows[i] = unsafe { V::load_first(a[i].add(k), rest) };
        }
        for j in 0..W {
            let column = unsafe { V::load_first(b[j].add(k), rest) };
            for i in 0..HEIGHT {
                sums[j][i] = unsafe { sums[j][i].add_mul(rows[i], column) };
            }
        }
    }

    let floor = unsafe { V::splat(p.floor()) };
    for j in 0..W {
        unsafe { V::sum4(sums[j]).at_least(floor).store_first(p.c.add(j * p.c_stride), p.rows) };
    }
}
