//! Products whose operands are both contiguous along the axis that is summed over.
//!
//! Vectors run along the sums: every element of a tile of `C` has an accumulator register, and
//! each step adds 16 (say) terms to all of them. In the end the lanes of each are added up, those
//! of four rows at a time. Nothing is copied and no row or column is padded, which makes this the
//! better way where a matrix is thin.

use super::{
    copy::load,
    product::{Bias, Product},
};
use crate::{
    deal::deal,
    dispatch::{Isa, Kernel, dispatch},
    scalar::Scalar,
    vector::{Vector, opaque},
};

/// Rows of a tile, and its columns at most, if there are 32 registers: 24 accumulators, 4 + 1
/// operands.
const TILE: (usize, usize) = (4, 6);
/// The same if there are 16 registers: 12 accumulators, 2 + 1 operands.
const SMALL_TILE: (usize, usize) = (6, 2);
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
pub(super) fn compute<T: Scalar>(p: &Product<T>) {
    dispatch(Dot(p));
}

struct Dot<'a, T>(&'a Product<T>);

impl<T: Scalar> Kernel for Dot<'_, T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        for p in self.0.by_depth(DEPTH, T::Vector::<I>::LANES) {
            let most = (BLOCK / p.depth.max(1)).next_multiple_of(TILE.0 * SMALL_TILE.0);
            for (row, rows) in deal(p.rows, most) {
                // SAFETY: the token of type `I` was given.
                unsafe { tiles::<T, T::Vector<I>>(p.part(row, rows, 0, p.cols)) };
            }
        }
    }
}

/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
unsafe fn tiles<T: Scalar, V: Vector<Elem = T>>(p: Product<T>) {
    macro_rules! choose {
        ($row:expr, $rows:expr, $col:expr, $cols:expr, $h:literal: $($w:literal)*) => {
            match $cols {
                // SAFETY: the caller's promise; the tile is not empty and has that many columns.
                $($w => unsafe { tile::<T, V, $h, $w>(p.part($row, $rows, $col, $cols)) },)*
                _ => unreachable!("tiles are no wider"),
            }
        };
    }
    // What there is more of in a tile stays in the first cache while the other operand passes by.
    if const { V::REGISTERS == 32 } {
        for (col, cols) in deal(p.cols, TILE.1) {
            for (row, rows) in deal(p.rows, TILE.0) {
                choose!(row, rows, col, cols, 4: 1 2 3 4 5 6);
            }
        }
    } else {
        for (row, rows) in deal(p.rows, SMALL_TILE.0) {
            for (col, cols) in deal(p.cols, SMALL_TILE.1) {
                choose!(row, rows, col, cols, 6: 1 2);
            }
        }
    }
}

/// One tile of at most `H` rows and exactly `W` columns.
///
/// # Safety
/// The instruction set of `V` is available, `p` is not empty and has `W` columns, and both
/// operands are contiguous along the sums.
#[inline(always)]
unsafe fn tile<T: Scalar, V: Vector<Elem = T>, const H: usize, const W: usize>(p: Product<T>) {
    // SAFETY: `V` is available by the caller's promise; of `A` and `B` the first `depth` terms of
    // rows and columns of the tile are read, and of the bias and of `C` elements that these have.
    unsafe {
        let zero = V::splat(T::ZERO);
        // Rows that are missing repeat the last; their sums are not stored.
        let mut a = [p.a.ptr; H];
        for i in 1..H {
            a[i] = opaque(p.a.at(i.min(p.rows - 1), 0));
        }
        let mut b = [p.b.ptr; W];
        for j in 1..W {
            b[j] = opaque(p.b.at(j, 0));
        }

        // The bias and the old `C` are terms like others, in the first lane.
        let mut sums = [[zero; H]; W];
        match p.bias {
            Bias::None => {}
            Bias::OfRows(bias) => {
                for i in 0..H {
                    let x = V::load_first(bias.add(i.min(p.rows - 1)), 1);
                    for j in 0..W {
                        sums[j][i] = x;
                    }
                }
            }
            Bias::OfColumns(bias) => {
                for j in 0..W {
                    sums[j] = [V::load_first(bias.add(j), 1); H];
                }
            }
        }
        if p.beta != T::ZERO {
            let beta = V::splat(p.beta);
            for i in 0..H {
                for j in 0..W {
                    let c = p.c.add(i.min(p.rows - 1) + j * p.c_stride);
                    sums[j][i] = sums[j][i].add_mul(V::load_first(c, 1), beta);
                }
            }
        }

        let mut k = 0;
        while k + V::LANES <= p.depth {
            add_terms::<T, V, H, W>(&mut sums, a, b, k, V::LANES);
            k += V::LANES;
        }
        if k < p.depth {
            add_terms::<T, V, H, W>(&mut sums, a, b, k, p.depth - k);
        }

        let floor = V::splat(p.floor());
        for j in 0..W {
            let c = p.c.wrapping_add(j * p.c_stride);
            for i in (0..H).step_by(4) {
                let mut four = [zero; 4];
                let n = 4.min(H - i);
                four[..n].copy_from_slice(&sums[j][i..i + n]);
                if i < p.rows {
                    let n = 4.min(p.rows - i);
                    V::sum4(four).at_least(floor).store_first(c.wrapping_add(i), n);
                }
            }
        }
    }
}

/// Adds `n` terms from `k` on, at most a vector, to all sums; the operand of which there is less in a
/// tile stays in registers meanwhile.
///
/// # Safety
/// The instruction set of `V` is available, and the terms are readable.
#[inline(always)]
unsafe fn add_terms<T: Scalar, V: Vector<Elem = T>, const H: usize, const W: usize>(
    sums: &mut [[V; H]; W],
    a: [*const T; H],
    b: [*const T; W],
    k: usize,
    n: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let zero = V::splat(T::ZERO);
        let full = n == V::LANES;
        if const { W < H } {
            let mut columns = [zero; W];
            for j in 0..W {
                columns[j] = load(b[j].add(k), full, n);
            }
            for i in 0..H {
                let row = load(a[i].add(k), full, n);
                for j in 0..W {
                    sums[j][i] = sums[j][i].add_mul(row, columns[j]);
                }
            }
        } else {
            let mut rows = [zero; H];
            for i in 0..H {
                rows[i] = load(a[i].add(k), full, n);
            }
            for j in 0..W {
                let column = load(b[j].add(k), full, n);
                for i in 0..H {
                    sums[j][i] = sums[j][i].add_mul(rows[i], column);
                }
            }
        }
    }
}
