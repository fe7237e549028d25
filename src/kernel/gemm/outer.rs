//! Products by sums of outer products: vectors run along the rows of `C`.
//!
//! A tile of `C`, some vectors high and some columns wide, stays in registers. Each term of the
//! sums multiplies a piece of a column of `A`, read as vectors, by one broadcast element of `B`
//! for each column of the tile.
//!
//! Tiles are computed strip by strip: the rows of `A` that belong to a strip stay in the cache of
//! the first level while all columns of `B` pass by, in blocks that stay in the second. An operand
//! that lies badly in memory is copied to the stack first, in the order in which it is read.
//! Neither blocks nor copies change the order of the sums.

use super::{Operand, Panel, Product, deal};
use crate::kernel::{
    Real,
    dispatch::{Isa, Kernel, dispatch},
    vector::{Vector, opaque},
};

/// Vectors of a tile.
const HEIGHT: usize = 3;
/// Columns of a tile, if there are 32 registers: 24 accumulators, 3 + 1 operands.
const WIDTH: usize = 8;
/// Columns of a tile, if there are 16 registers: 12 accumulators, 3 + 1 operands.
const NARROW: usize = 4;
/// Terms of a block.
const DEPTH: usize = if cfg!(feature = "std") { 192 } else { 32 };
/// Scalars of a copied strip of `A`: `DEPTH` columns of `HEIGHT` vectors of at most 16.
const STRIP: usize = DEPTH * HEIGHT * 16;
/// Scalars of a copied block of `B`.
const BLOCK: usize = DEPTH * 128;
/// Scalars of a block of `B` that is not copied.
const DIRECT: usize = 1 << 18;
/// Distance of the terms of `B`, in scalars, from which on copying pays.
const FAR: usize = 128;

/// Computes a product.
pub(super) fn compute<T: Real>(p: Product<T>) {
    let line = 64 / size_of::<T>();
    let aligned = p.a.ptr.addr().is_multiple_of(64) && p.a.depth_stride.is_multiple_of(line);
    // A copy of a strip is used for all columns, and one of a block for all strips: so many times
    // that the copy pays.
    let copy_a = p.a.stride != 1 || p.cols > if aligned { 64 } else { 32 };
    let copy_b = p.b.stride == 1 && p.b.depth_stride >= FAR && p.rows >= 4 * HEIGHT * line;
    // Functions of their own, so that no call reserves more of the stack than it needs.
    match (copy_a, copy_b) {
        (false, false) => dispatch(Outer { p, strip: None, block: None }),
        (true, false) => copying_strips(p),
        (_, true) => copying_both(p),
    }
}

#[inline(never)]
fn copying_strips<T: Real>(p: Product<T>) {
    dispatch(Outer { p, strip: Some(&mut Panel::new()), block: None });
}

#[inline(never)]
fn copying_both<T: Real>(p: Product<T>) {
    dispatch(Outer { p, strip: Some(&mut Panel::new()), block: Some(&mut Panel::new()) });
}

/// A product, and memory for copies of its operands where they are copied.
struct Outer<'a, T> {
    p: Product<T>,
    strip: Option<&'a mut Panel<T, STRIP>>,
    block: Option<&'a mut Panel<T, BLOCK>>,
}

impl<T: Real> Kernel for Outer<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(mut self, _: I) {
        let mut rest = self.p;
        loop {
            let parts = rest.depth.div_ceil(DEPTH).max(1);
            // SAFETY: the depth of the first part is at most the whole.
            let (part, after) = unsafe { rest.split_depth(rest.depth.div_ceil(parts)) };
            // SAFETY: the token of type `I` was given.
            unsafe { self.strips::<T::Vector<I>>(part) };
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
    /// The instruction set of `V` is available, and the depth is at most `DEPTH`.
    #[inline(always)]
    unsafe fn strips<V: Vector<Elem = T>>(&mut self, p: Product<T>) {
        let width = if V::REGISTERS == 32 { WIDTH } else { NARROW };
        let most = if self.block.is_some() { BLOCK } else { DIRECT } / p.depth.max(1);
        // SAFETY: of all blocks below: `V` is available, parts lie inside the product, and copies
        // fit their panels by the choice of `most` and by the size of a strip.
        for (first, cols) in deal(p.cols, most) {
            let p = unsafe { p.part(0, p.rows, first, cols) };
            if let Some(panel) = &mut self.block {
                for (col, cols) in deal(cols, width) {
                    unsafe {
                        let to = panel.as_mut_ptr().add(col * p.depth);
                        copy::<T, V>(p.b.skip(col), cols, cols, p.depth, to);
                    }
                }
            }
            for (vector, height) in deal(p.rows.div_ceil(V::LANES), HEIGHT) {
                let row = vector * V::LANES;
                let rows = (height * V::LANES).min(p.rows - row);
                let mut strip = unsafe { p.part(row, rows, 0, cols) };
                if let Some(panel) = &mut self.strip {
                    let (to, stride) = (panel.as_mut_ptr(), height * V::LANES);
                    strip.a = unsafe { copy::<T, V>(strip.a, rows, stride, p.depth, to) };
                }
                for (col, cols) in deal(cols, width) {
                    unsafe {
                        let mut part = strip.part(0, rows, col, cols);
                        if let Some(panel) = &mut self.block {
                            let ptr = panel.as_mut_ptr().add(col * p.depth);
                            part.b = Operand { ptr, stride: 1, depth_stride: cols };
                        }
                        any_tile::<T, V>(part, height);
                    }
                }
            }
        }
    }
}

/// Copies `len` rows of `A` or columns of `B`: all of a term next to each other, `stride` scalars
/// from a term to the next.
///
/// # Safety
/// They exist, there is room for `stride * depth` scalars, and the instruction set of `V` is
/// available.
#[inline(always)]
unsafe fn copy<T: Real, V: Vector<Elem = T>>(
    from: Operand<T>,
    len: usize,
    stride: usize,
    depth: usize,
    to: *mut T,
) -> Operand<T> {
    // SAFETY: the caller's promise.
    unsafe {
        if from.stride == 1 {
            match len.div_ceil(V::LANES) {
                1 => copy_columns::<T, V, 1>(from, len, stride, depth, to),
                2 => copy_columns::<T, V, 2>(from, len, stride, depth, to),
                _ => copy_columns::<T, V, 3>(from, len, stride, depth, to),
            }
        } else {
            // Whole squares in registers if terms are contiguous, and the rest one by one.
            let square = from.depth_stride == 1;
            let whole = if square { depth - depth % V::LANES } else { 0 };
            let mut i = 0;
            while i < len {
                let n = if whole > 0 && i + V::LANES <= len { V::LANES } else { 1 };
                if n > 1 {
                    for k in (0..whole).step_by(V::LANES) {
                        V::transpose(from.at(i, k), from.stride, to.add(k * stride + i), stride);
                    }
                }
                for i in i..i + n {
                    for k in if n > 1 { whole } else { 0 }..depth {
                        *to.add(k * stride + i) = *from.at(i, k);
                    }
                }
                i += n;
            }
        }
    }
    Operand { ptr: to, stride: 1, depth_stride: stride }
}

/// Copies terms of which `len` scalars, that is `N` vectors, are contiguous.
///
/// # Safety
/// See [`copy`].
#[inline(always)]
unsafe fn copy_columns<T: Real, V: Vector<Elem = T>, const N: usize>(
    from: Operand<T>,
    len: usize,
    stride: usize,
    depth: usize,
    to: *mut T,
) {
    let last = len - (N - 1) * V::LANES;
    for k in 0..depth {
        for i in 0..N {
            // SAFETY: the caller's promise.
            unsafe {
                let x = load::<T, V>(from.at(i * V::LANES, k), i + 1 < N, last);
                let to = to.add(k * stride + i * V::LANES);
                if i + 1 < N { x.store(to) } else { x.store_first(to, last) }
            }
        }
    }
}

/// Calls the tile of the right constants.
///
/// # Safety
/// See [`tile`].
#[inline(always)]
unsafe fn any_tile<T: Real, V: Vector<Elem = T>>(p: Product<T>, height: usize) {
    macro_rules! choose {
        ($($h:literal: $($w:literal)*;)*) => {
            match (height, p.cols) {
                $($(($h, $w) if $w <= NARROW || V::REGISTERS == 32 => {
                    // SAFETY: the caller's promise.
                    unsafe { tile::<T, V, $h, $w>(p) }
                })*)*
                _ => unreachable!("tiles are at most 3 vectors by 8 columns"),
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
///
/// # Safety
/// The instruction set of `V` is available; `p` has `W` columns, more rows than fill `H - 1`
/// vectors and at most as many as fill `H`, and those of `A` are contiguous.
#[inline(always)]
unsafe fn tile<T: Real, V: Vector<Elem = T>, const H: usize, const W: usize>(p: Product<T>) {
    // SAFETY: of all blocks below: `V` is available by the caller's promise, and every access is
    // to an element of a column of `H` vectors, of which the last has `last` lanes.
    let zero = unsafe { V::splat(T::ZERO) };
    let last = p.rows - (H - 1) * V::LANES;

    let mut sums = [[zero; H]; W];
    if !p.row_bias.is_null() {
        for i in 0..H {
            let bias = unsafe { load::<T, V>(p.row_bias.add(i * V::LANES), i + 1 < H, last) };
            for j in 0..W {
                sums[j][i] = bias;
            }
        }
    }
    if !p.col_bias.is_null() {
        for j in 0..W {
            let bias = unsafe { V::splat(*p.col_bias.add(j)) };
            for i in 0..H {
                sums[j][i] = bias;
            }
        }
    }
    if p.beta != T::ZERO {
        // The old `C` is added in the end, so that it has the time of the loop to arrive.
        for j in 0..W {
            for i in 0..H {
                V::prefetch(p.c.wrapping_add(i * V::LANES + j * p.c_stride));
            }
        }
    }

    let mut a = p.a.ptr;
    let mut b = [p.b.ptr; W];
    for j in 1..W {
        b[j] = opaque(unsafe { p.b.at(j, 0) });
    }
    let mut k = 0;
    for _ in 0..p.depth {
        let mut column = [zero; H];
        for i in 0..H {
            let from = a.wrapping_add(i * V::LANES);
            column[i] = unsafe { load::<T, V>(from, i + 1 < H, last) };
        }
        for j in 0..W {
            let x = unsafe { V::splat(*b[j].add(k)) };
            for i in 0..H {
                sums[j][i] = unsafe { sums[j][i].add_mul(column[i], x) };
            }
        }
        // Wrapping, since after the last term it may point anywhere.
        a = a.wrapping_add(p.a.depth_stride);
        k += p.b.depth_stride;
    }

    if p.beta != T::ZERO {
        let beta = unsafe { V::splat(p.beta) };
        for j in 0..W {
            for i in 0..H {
                unsafe {
                    let c = load::<T, V>(p.c.add(i * V::LANES + j * p.c_stride), i + 1 < H, last);
                    sums[j][i] = sums[j][i].add_mul(c, beta);
                }
            }
        }
    }

    let floor = unsafe { V::splat(p.floor()) };
    for j in 0..W {
        for i in 0..H {
            unsafe {
                let x = sums[j][i].at_least(floor);
                let c = p.c.add(i * V::LANES + j * p.c_stride);
                if i + 1 < H {
                    x.store(c);
                } else {
                    x.store_first(c, last);
                }
            }
        }
    }
}

/// A vector of a tile: a full one, or the first `last` lanes.
///
/// # Safety
/// The instruction set of `V` is available, and that memory is readable.
#[inline(always)]
unsafe fn load<T: Real, V: Vector<Elem = T>>(from: *const T, full: bool, last: usize) -> V {
    // SAFETY: the caller's promise.
    unsafe { if full { V::load(from) } else { V::load_first(from, last) } }
}
