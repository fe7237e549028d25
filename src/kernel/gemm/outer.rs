//! Products by sums of outer products: vectors run along the rows of `C`.
//!
//! A tile of `C`, some vectors high and some columns wide, stays in registers. Each term of the
//! sums multiplies a piece of a column of `A` by one broadcast element of `B` for each column.

use super::{Operand, Product, deal};
use crate::kernel::{Real, dispatch::Isa, vector::Vector};
use core::mem::MaybeUninit;

/// Vectors of a tile.
const HEIGHT: usize = 3;
/// Columns of a tile: 24 accumulators, 3 + 1 operands, of 32 registers.
const WIDTH: usize = 8;
/// Terms that are added up before the next tile, so that the operands stay in cache.
const DEPTH: usize = 256;
/// Scalars of a panel of `A`: `DEPTH` columns of `HEIGHT` vectors of at most 16.
const PANEL: usize = DEPTH * HEIGHT * 16;

/// A copied panel, aligned to cache lines.
#[repr(align(64))]
struct Panel<T>([MaybeUninit<T>; PANEL]);

#[inline(always)]
pub(super) fn run<T: Real, I: Isa>(p: Product<T>, _: I) {
    let lanes = T::Vector::<I>::LANES;
    let mut panel = Panel::<T>([MaybeUninit::uninit(); PANEL]);
    let mut k = 0;
    loop {
        let depth = DEPTH.min(p.depth - k);
        let last = k + depth == p.depth;
        // SAFETY: terms `k..k + depth` exist.
        let block = unsafe {
            Product {
                depth,
                a: p.a.from(0, k),
                b: p.b.from(0, k),
                beta: if k == 0 { p.beta } else { T::ONE },
                row_bias: if last { p.row_bias } else { core::ptr::null() },
                col_bias: if last { p.col_bias } else { core::ptr::null() },
                relu: p.relu && last,
                ..p
            }
        };
        deal(p.rows.div_ceil(lanes), HEIGHT, |vector, height| {
            let row = vector * lanes;
            let rows = (height * lanes).min(p.rows - row);
            // SAFETY: the rows exist.
            let mut strip = unsafe { block.part(row, row + rows, 0, p.cols) };
            if strip.a.stride != 1 {
                // SAFETY: at most `PANEL` scalars.
                strip.a = unsafe { copy(strip.a, rows, depth, &mut panel) };
            }
            deal(p.cols, WIDTH, |col, cols| {
                // SAFETY: the tile lies inside, and the token of type `I` was given.
                unsafe {
                    let part = strip.part(0, rows, col, col + cols);
                    tile_of::<T, T::Vector<I>>(part, height);
                }
            });
        });
        k += depth;
        if last {
            return;
        }
    }
}

/// Copies rows of `A` into the panel.
#[inline(always)]
unsafe fn copy<T: Real>(
    a: Operand<T>,
    rows: usize,
    depth: usize,
    panel: &mut Panel<T>,
) -> Operand<T> {
    for i in 0..rows {
        for k in 0..depth {
            // SAFETY: inside `A`, and inside the panel since `rows * depth <= PANEL`.
            panel.0[k * rows + i].write(unsafe { *a.from(i, k).ptr });
        }
    }
    Operand { ptr: panel.0.as_ptr().cast(), stride: 1, depth_stride: rows }
}

/// Calls the tile of the right constants.
#[inline(always)]
unsafe fn tile_of<T: Real, V: Vector<Elem = T>>(p: Product<T>, height: usize) {
    macro_rules! choose {
        ($($h:literal: $($w:literal)*;)*) => {
            match (height, p.cols) {
                $($(($h, $w) => unsafe { tile::<T, V, $h, $w>(p) },)*)*
                _ => unreachable!(),
            }
        };
    }
    choose! {
        1: 1 2 3 4 5 6 7 8;
        2: 1 2 3 4 5 6 7 8;
        3: 1 2 3 4 5 6 7 8;
    }
}

/// A tile of `W` columns of `H` vectors, the last perhaps not full.
#[inline(always)]
unsafe fn tile<T: Real, V: Vector<Elem = T>, const H: usize, const W: usize>(p: Product<T>) {
    let last = p.rows - (H - 1) * V::LANES;
    let mut sums = unsafe { [[V::splat(T::ZERO); H]; W] };
    let (mut a, mut b) = (p.a.ptr, p.b.ptr);
    for _ in 0..p.depth {
        unsafe {
            let column: [V; H] = core::array::from_fn(|i| {
                let from = a.add(i * V::LANES);
                if i + 1 < H { V::load(from) } else { V::load_first(from, last) }
            });
            for j in 0..W {
                let x = V::splat(*b.add(j * p.b.stride));
                for i in 0..H {
                    sums[j][i] = sums[j][i].add_mul(column[i], x);
                }
            }
            a = a.wrapping_add(p.a.depth_stride);
            b = b.wrapping_add(p.b.depth_stride);
        }
    }
    for j in 0..W {
        for i in 0..H {
            let n = if i + 1 < H { V::LANES } else { last };
            unsafe {
                let c = p.c.add(i * V::LANES + j * p.c_stride);
                let mut x = sums[j][i];
                if !p.row_bias.is_null() {
                    x = x.add(V::load_first(p.row_bias.add(i * V::LANES), n));
                }
                if !p.col_bias.is_null() {
                    x = x.add(V::splat(*p.col_bias.add(j)));
                }
                if p.beta != T::ZERO {
                    x = x.add_mul(V::load_first(c, n), V::splat(p.beta));
                }
                if p.relu {
                    x = x.relu();
                }
                x.store_first(c, n);
            }
        }
    }
}
