//! Products by sums of outer products: vectors run along the rows of `C`.
//!
//! Tiles are computed strip by strip: the rows of `A` that belong to a strip stay in the cache of
//! the first level while all columns of `B` pass by, in blocks that stay in the second. An operand
//! that lies badly in memory is copied to the stack first. Neither blocks nor copies change the
//! order of the sums.

use super::{
    copy::{Panel, copy},
    product::{Operand, Product, deal},
    tile::{HIGHEST, any_tile, largest},
};
use crate::kernel::{
    NEAR, Real,
    dispatch::{Isa, Kernel, dispatch},
    vector::Vector,
};

/// The most terms of a block: a copied strip then fills the better part of the first cache or, with
/// the larger of the two numbers, of what the second can bring in time.
const DEPTH: usize = if cfg!(feature = "std") { 384 } else { 32 };
/// The most terms of a block where `C` stays in the second cache, so that to go through it once more
/// costs little.
const SHALLOW: usize = if cfg!(feature = "std") { 192 } else { 32 };
/// Scalars of a copied strip of `A`: `DEPTH` columns of `HIGHEST` vectors of at most 16.
const STRIP: usize = DEPTH * HIGHEST * 16;
/// Scalars of a copied block of `B`.
const BLOCK: usize = DEPTH * 128;
/// Scalars of a block of `B` that is not copied.
const DIRECT: usize = 1 << 18;
/// Distance of the terms of `B`, in scalars, from which on copying pays.
const FAR: usize = 128;

/// The most terms of a block of a product, which decides on the order of its sums.
pub(super) fn depth<T: Real>(p: &Product<T>) -> usize {
    if p.rows.saturating_mul(p.cols) > NEAR { DEPTH } else { SHALLOW }
}

/// Computes a product in blocks of at most `depth` terms.
pub(super) fn compute<T: Real>(p: Product<T>, depth: usize) {
    let line = 64 / size_of::<T>();
    let aligned = p.a.ptr.addr().is_multiple_of(64) && p.a.depth_stride.is_multiple_of(line);
    // A copy of a strip is used for all columns, and one of a block for all strips: so many times
    // that the copy pays.
    let copy_a = p.a.stride != 1 || p.cols > if aligned { 64 } else { 32 };
    let copy_b = p.b.stride == 1 && p.b.depth_stride >= FAR && p.rows >= 4 * line;
    // Functions of their own, so that no call reserves more of the stack than it needs.
    match (copy_a, copy_b) {
        (false, false) => dispatch(Outer { p, depth, strip: None, block: None }),
        (true, false) => copying_strips(p, depth),
        (_, true) => copying_both(p, depth),
    }
}

#[inline(never)]
fn copying_strips<T: Real>(p: Product<T>, depth: usize) {
    dispatch(Outer { p, depth, strip: Some(&mut Panel::new()), block: None });
}

#[inline(never)]
fn copying_both<T: Real>(p: Product<T>, depth: usize) {
    dispatch(Outer { p, depth, strip: Some(&mut Panel::new()), block: Some(&mut Panel::new()) });
}

/// A product, and memory for copies of its operands where they are copied.
struct Outer<'a, T> {
    p: Product<T>,
    /// The most terms of a block, at most [`DEPTH`].
    depth: usize,
    strip: Option<&'a mut Panel<T, STRIP>>,
    block: Option<&'a mut Panel<T, BLOCK>>,
}

impl<T: Real> Kernel for Outer<'_, T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(mut self, isa: I) {
        let mut rest = self.p;
        loop {
            let parts = rest.depth.div_ceil(self.depth).max(1);
            let (part, after) = rest.split_depth(rest.depth.div_ceil(parts));
            // SAFETY: `part` has a depth of at most `DEPTH`.
            unsafe { self.strips(isa, part) };
            match after {
                Some(after) => rest = after,
                None => return,
            }
        }
    }
}

impl<T: Real> Outer<'_, T> {
    /// Strip by strip for a block of columns after the other.
    ///
    /// # Safety
    /// The depth is at most `DEPTH`.
    #[inline(always)]
    unsafe fn strips<I: Isa>(&mut self, isa: I, p: Product<T>) {
        let lanes = T::Vector::<I>::LANES;
        let (highest, width) = largest::<T::Vector<I>>();
        let most = if self.block.is_some() { BLOCK } else { DIRECT } / p.depth.max(1);
        // SAFETY: of all blocks below: the token of type `I` was given, and copies fit their
        // panels by the choice of `most` and by the size of a strip.
        for (first, cols) in deal(p.cols, most) {
            let p = p.part(0, p.rows, first, cols);
            if let Some(panel) = &mut self.block {
                for (col, cols) in deal(cols, width) {
                    let to = panel.as_mut_ptr().wrapping_add(col * p.depth);
                    unsafe { copy::<T, T::Vector<I>>(p.b.skip(col, 0), cols, cols, p.depth, to) };
                }
            }
            for (vector, height) in deal(p.rows.div_ceil(lanes), highest) {
                let row = vector * lanes;
                let rows = (height * lanes).min(p.rows - row);
                let mut strip = p.part(row, rows, 0, cols);
                if let Some(panel) = &mut self.strip {
                    let (to, stride) = (panel.as_mut_ptr(), height * lanes);
                    strip.a =
                        unsafe { copy::<T, T::Vector<I>>(strip.a, rows, stride, p.depth, to) };
                }
                for (col, cols) in deal(cols, width) {
                    let mut part = strip.part(0, rows, col, cols);
                    if let Some(panel) = &mut self.block {
                        let ptr = panel.as_mut_ptr().wrapping_add(col * p.depth);
                        part.b = Operand { ptr, stride: 1, depth_stride: cols };
                    }
                    unsafe { any_tile(isa, &part, height) };
                }
            }
        }
    }
}
