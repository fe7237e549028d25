//! Products whose operands are both contiguous along the axis that is summed over.
//!
//! Vectors run along the sums: every element of a tile of `C` has an accumulator register, and
//! each step adds 16 (say) terms to all of them. In the end the lanes of each are added up.

use super::{Product, deal};
use crate::kernel::{Real, dispatch::Isa, vector::Vector};

/// Rows and columns of a tile: 25 accumulators, 5 + 1 operands, of 32 registers.
const TILE: usize = 5;

#[inline(always)]
pub(super) fn run<T: Real, I: Isa>(p: Product<T>, _: I) {
    deal(p.cols, TILE, |col, cols| {
        deal(p.rows, TILE, |row, rows| {
            // SAFETY: the tile lies inside the product.
            let part = unsafe { p.part(row, row + rows, col, col + cols) };
            // SAFETY: the token of type `I` was given.
            unsafe { tile::<T, T::Vector<I>, TILE, TILE>(part) }
        });
    });
}

/// One tile of `rows <= R` by `cols <= C` elements.
///
/// # Safety
/// The instruction set of `V` is available, and `p` is not empty.
#[inline(always)]
unsafe fn tile<T: Real, V: Vector<Elem = T>, const R: usize, const C: usize>(p: Product<T>) {
    // Rows that are missing repeat the last; their sums are not stored.
    let a: [*const T; R] = core::array::from_fn(|i| unsafe { p.a.from(i.min(p.rows - 1), 0) }.ptr);
    let b: [*const T; C] = core::array::from_fn(|j| unsafe { p.b.from(j.min(p.cols - 1), 0) }.ptr);
    let mut sums = unsafe { [[V::splat(T::ZERO); R]; C] };
    let mut k = 0;
    while k + V::LANES <= p.depth {
        unsafe {
            let a: [V; R] = core::array::from_fn(|i| V::load(a[i].add(k)));
            for j in 0..C {
                let b = V::load(b[j].add(k));
                for i in 0..R {
                    sums[j][i] = sums[j][i].add_mul(a[i], b);
                }
            }
        }
        k += V::LANES;
    }
    let rest = p.depth - k;
    if rest > 0 {
        unsafe {
            let a: [V; R] = core::array::from_fn(|i| V::load_first(a[i].add(k), rest));
            for j in 0..C {
                let b = V::load_first(b[j].add(k), rest);
                for i in 0..R {
                    sums[j][i] = sums[j][i].add_mul(a[i], b);
                }
            }
        }
    }
    let lanes = sums.map(|column| column.map(|v| unsafe { v.sum() }));
    for j in 0..p.cols {
        for i in 0..p.rows {
            unsafe {
                let mut x = lanes[j][i];
                if !p.row_bias.is_null() {
                    x += *p.row_bias.add(i);
                }
                if !p.col_bias.is_null() {
                    x += *p.col_bias.add(j);
                }
                let c = p.c.add(i + j * p.c_stride);
                if p.beta != T::ZERO {
                    x += p.beta * *c;
                }
                *c = if p.relu && x < T::ZERO { T::ZERO } else { x };
            }
        }
    }
}
