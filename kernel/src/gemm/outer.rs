//! Products by sums of outer products: vectors run along the rows of `C`.
//!
//! A block of some rows of `A` stays in the cache of the second level while the columns of `B` pass
//! by, as many at a time as a tile is wide; these stay in the first while the strips of the block,
//! each as high as a tile, pass by. Rows of `B` that are far apart are copied to such panels of
//! columns first: many columns at a time, and then the block of `A` is a single strip. Rows of `A` are
//! copied unless there are few columns. Neither blocks nor copies change the order of the sums.

use super::{
    NEAR,
    copy::{copy_columns, copy_strip},
    product::{Operand, Product},
    tile::{HIGHEST, any_tile, half_tile, largest, tail},
};
use crate::{
    deal::deal,
    dispatch::{Isa, Kernel, dispatch},
    room::{self, with_room},
    scalar::Scalar,
    vector::Vector,
};
use core::mem::MaybeUninit;

/// The most terms of a block. More would not fit the first cache, and fewer mean that `C` is gone
/// through more often.
const DEPTH: usize = if cfg!(feature = "std") { 384 } else { 32 };
/// The most terms of a block where `C` stays in the second cache, so that to go through it once more
/// costs little.
const SHALLOW: usize = if cfg!(feature = "std") { 192 } else { 32 };
/// Bytes of a copied strip of `A`: `DEPTH` columns of `HIGHEST` vectors of at most 64.
const STRIP: usize = DEPTH * HIGHEST * 64;
/// Bytes of a copied block of `A`, or of `B`: a good part of the second cache.
const BLOCK: usize = DEPTH * 512;
const _: () = assert!(STRIP + BLOCK <= room::BYTES);
/// Distance of the terms of `B`, in scalars, from which on copying pays.
const FAR: usize = 128;

/// The most terms of a block of a product, which decides on the order of its sums.
pub(super) fn depth<T: Scalar>(p: &Product<T>) -> usize {
    if p.rows.saturating_mul(p.cols) > NEAR { DEPTH } else { SHALLOW }
}

/// Whether `B` is copied.
pub(super) fn copies_b<T: Scalar>(p: &Product<T>) -> bool {
    p.b.stride == 1 && p.b.depth_stride >= FAR && p.rows >= 256 / size_of::<T>()
}

/// Computes a product in blocks of at most `depth` terms.
pub(super) fn compute<T: Scalar>(p: &Product<T>, depth: usize) {
    let line = 64 / size_of::<T>();
    let aligned = p.a.ptr.addr().is_multiple_of(64) && p.a.depth_stride.is_multiple_of(line);
    // A copy of a strip is used for all columns: so many times that the copy pays.
    let copy_a = p.a.stride != 1 || p.cols > if aligned { 64 } else { 32 };
    let copy_b = copies_b(p);
    if !copy_a && !copy_b {
        return dispatch(Outer { p, depth, a: None, b: None });
    }
    with_room(|mut room| {
        // Beside a block of `B` there is a strip of `A` at a time.
        let a = room.take(if copy_b { STRIP } else { BLOCK });
        let b = copy_b.then(|| room.take(BLOCK));
        dispatch(Outer { p, depth, a: Some(a), b });
    });
}

/// A product, and memory for copies of its operands where they are copied: of `A` at least a strip.
struct Outer<'a, T> {
    p: &'a Product<T>,
    /// The most terms of a block, at most [`DEPTH`].
    depth: usize,
    a: Option<&'a mut [MaybeUninit<T>]>,
    b: Option<&'a mut [MaybeUninit<T>]>,
}

impl<T: Scalar> Kernel for Outer<'_, T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(mut self, isa: I) {
        for part in self.p.by_depth(self.depth, 1) {
            // SAFETY: `part` has a depth of at most `DEPTH`.
            unsafe { self.blocks(isa, part) };
        }
    }
}

impl<T: Scalar> Outer<'_, T> {
    /// Goes through the blocks of `B`, and for each through those of `A`.
    ///
    /// # Safety
    /// The depth is at most `DEPTH`.
    #[inline(always)]
    unsafe fn blocks<I: Isa>(&mut self, isa: I, p: Product<T>) {
        let lanes = T::Vector::<I>::LANES;
        let (highest, widest) = largest::<T::Vector<I>>();
        // From a copied strip or panel to the next.
        let strip_len = highest * lanes * p.depth;
        let panel_len = widest * p.depth + lanes;
        let most_strips = self.a.as_ref().map_or(1, |a| (a.len() / strip_len.max(1)).max(1));
        let most_cols = self.b.as_ref().map_or(p.cols, |b| b.len() / panel_len * widest);
        for (first_col, cols) in deal(p.cols, most_cols) {
            let p = p.part(0, p.rows, first_col, cols);
            let b = self.b.as_mut().map(|b| b.as_mut_ptr().cast::<T>());
            if let Some(b) = b {
                // SAFETY: the token of type `I` was given, these columns exist, and `most_cols` are
                // as many as there is room for.
                unsafe {
                    copy_columns::<T, T::Vector<I>>(p.b, deal(cols, widest), p.depth, b, panel_len);
                }
            }
            // The last rows of few are half a vector.
            let tail = tail::<T::Vector<I>>(p.rows);
            for (first, rows, half) in [(0, p.rows - tail, false), (p.rows - tail, tail, true)] {
                // SAFETY: the caller's promise; these rows exist, and `b` has the columns.
                unsafe { self.strips(isa, p.part(first, rows, 0, cols), half, most_strips, b) };
            }
        }
    }

    /// Goes through the blocks of `A`, each of at most `most` strips, or of half a vector, beside some
    /// columns of `B`, or a copy of these.
    ///
    /// # Safety
    /// The depth is at most `DEPTH`, and `b`, where it is given, has panels of these columns.
    #[inline(always)]
    unsafe fn strips<I: Isa>(
        &mut self,
        isa: I,
        p: Product<T>,
        half: bool,
        most: usize,
        b: Option<*mut T>,
    ) {
        let lanes = T::Vector::<I>::LANES;
        let (highest, widest) = largest::<T::Vector<I>>();
        let strip_len = highest * lanes * p.depth;
        let panel_len = widest * p.depth + lanes;
        let mut strips = deal(p.rows.div_ceil(lanes), highest);
        while strips.len() > 0 {
            let block = strips.take(most).enumerate().map(|(i, (vector, height))| {
                let row = vector * lanes;
                let rows = (height * lanes).min(p.rows - row);
                (i * strip_len, row, rows, height)
            });
            strips = strips.after(most);
            let a = self.a.as_mut().map(|a| a.as_mut_ptr().cast::<T>());
            if let Some(a) = a {
                for (at, row, rows, height) in block.clone() {
                    let (from, to) = (p.a.skip(row, 0), a.wrapping_add(at));
                    // SAFETY: the token of type `I` was given, these rows exist and fill `height`
                    // vectors, and `most` strips are as many as there is room for.
                    unsafe { copy_strip::<T, T::Vector<I>>(from, rows, height, p.depth, to) };
                }
            }
            for (panel, (col, cols)) in deal(p.cols, widest).enumerate() {
                for (at, row, rows, height) in block.clone() {
                    let mut tile = p.part(row, rows, col, cols);
                    if let Some(a) = a {
                        let ptr = a.wrapping_add(at);
                        tile.a = Operand { ptr, stride: 1, depth_stride: height * lanes };
                    }
                    if let Some(b) = b {
                        let ptr = b.wrapping_add(panel * panel_len);
                        tile.b = Operand { ptr, stride: 1, depth_stride: cols };
                    }
                    // SAFETY: the token of type `I` was given; the tile is inside the product, or
                    // of copies of its parts, with rows that fill `height` vectors, or half of one.
                    unsafe {
                        if half { half_tile(isa, &tile) } else { any_tile(isa, &tile, height) }
                    }
                }
            }
        }
    }
}
