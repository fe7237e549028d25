//! Products of which one operand is largely zeros, as ReLU and dropout leave them.
//!
//! Vectors run along the side of the other operand, here `A`: of a strip of it, a tile keeps the
//! sums of one column in registers and adds the columns of `A` whose factor in `B` is not zero. Which
//! these are is told by bits, one for each term; to go from one that is set to the next takes no time
//! beside the arithmetic. So a product with half of the factors takes little more than half of the
//! time, whatever their pattern. Some terms of a strip at a time stay in the first cache.
//!
//! Where `A` is the one with the zeros, the transposed product is computed, and transposed again as
//! it is stored.

use super::{
    copy::copy_strip,
    nonzero::{TERMS, Terms, Tile, Whole, find},
    product::{Bias, Operand, Product},
};
use crate::{
    deal::deal,
    dispatch::{Isa, Kernel, dispatch},
    room::{self, with_room},
    scalar::Scalar,
    vector::Vector,
};
use core::mem::MaybeUninit;

/// Vectors by which strips grow, so that tiles come in few heights.
const UNIT: usize = 4;
/// The most terms of a block, which is copied.
const DEPTH: usize = 384;
/// Bytes of a strip that stay in the first cache.
const CLOSE: usize = 24 * 1024;
/// Rows of the highest strip: eight vectors of 16.
const HIGHEST: usize = 128;
/// Bytes of a copied strip.
const STRIP: usize = DEPTH * HIGHEST * 4;
/// Columns whose sums are kept apart: whole vectors.
const COLUMNS: usize = 96;
/// Bytes of these sums.
const SUMS: usize = HIGHEST * COLUMNS * 4;
/// Columns and blocks whose bits are known at once.
const TILES: usize = 4096;
const _: () = assert!(!serves::<f32>() || STRIP + SUMS + TILES * 8 <= room::BYTES);
/// Elements of an operand that are looked at to tell how many are zero.
const SAMPLES: usize = 64;

/// The operand of a product that has many zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    A,
    B,
}

/// Whether any product of this scalar is computed here. If not, nothing of it is compiled.
pub(super) const fn serves<T>() -> bool {
    size_of::<T>() == 4 && cfg!(feature = "std")
}

/// Which operand, if any, has so many zeros that it is faster to leave them out.
///
/// A product that is not worth the question has none.
pub(super) fn sparse_side<T: Scalar>(p: &Product<T>) -> Option<Side> {
    let large = p.rows.saturating_mul(p.cols).saturating_mul(p.depth) >= 1 << 18;
    if !serves::<T>() || !large || p.depth < 16 {
        return None;
    }
    let b = p.rows >= 48 && p.cols >= 4 && !matches!(p.bias, Bias::OfColumns(_));
    let a = p.cols >= 48 && p.rows >= 4 && matches!(p.bias, Bias::None) && !p.relu;
    // With more than five eighths, to leave zeros out takes longer than to multiply by them.
    let mut most = SAMPLES * 5 / 8 + 1;
    let mut side = None;
    for (this, suits, operand, len) in [(Side::B, b, p.b, p.cols), (Side::A, a, p.a, p.rows)] {
        if suits {
            let count = nonzero_samples(operand, len, p.depth);
            if count < most {
                (most, side) = (count, Some(this));
            }
        }
    }
    side
}

/// How many elements are not zero, of [`SAMPLES`] all over an operand of `len` rows (or columns).
fn nonzero_samples<T: Scalar>(operand: Operand<T>, len: usize, depth: usize) -> usize {
    let sample = |s: usize| {
        let (i, k) = (s * len / SAMPLES, (s * 27 % SAMPLES) * depth / SAMPLES);
        // SAFETY: `i < len` and `k < depth`.
        unsafe { *operand.at(i, k) != T::ZERO }
    };
    (0..SAMPLES).filter(|&s| sample(s)).count()
}

/// Computes a product without the zeros of one operand.
#[inline(never)]
pub(super) fn compute<T: Scalar>(p: &Product<T>, side: Side) {
    let (transposed, p) = match side {
        Side::B => (false, *p),
        Side::A => (true, Product { rows: p.cols, cols: p.rows, a: p.b, b: p.a, ..*p }),
    };
    with_room(|mut room| {
        let (strip, sums) = (room.take(STRIP), room.take(SUMS));
        let bits = room.take(TILES * size_of::<u64>());
        bits.fill(MaybeUninit::new(0));
        // SAFETY: all have just been written.
        let bits = unsafe { bits.assume_init_mut() };
        dispatch(Sparse { p, transposed, strip, sums, bits });
    });
}

/// A product whose `B` has many zeros, and memory for a strip of `A`, for sums and for the bits.
struct Sparse<'a, T> {
    p: Product<T>,
    /// Whether the columns of `C` are contiguous instead of its rows.
    transposed: bool,
    strip: &'a mut [MaybeUninit<T>],
    sums: &'a mut [MaybeUninit<T>],
    bits: &'a mut [u64],
}

impl<T: Scalar> Kernel for Sparse<'_, T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(mut self, isa: I) {
        for part in self.p.by_depth(DEPTH, 1) {
            // SAFETY: `part` has a depth of at most `DEPTH`.
            unsafe { self.strips(isa, part) };
        }
    }
}

impl<T: Scalar> Sparse<'_, T> {
    /// Goes through the strips of `A`, and for each through blocks of terms.
    ///
    /// # Safety
    /// The depth is at most `DEPTH`.
    #[inline(always)]
    unsafe fn strips<I: Isa>(&mut self, isa: I, p: Product<T>) {
        let lanes = T::Vector::<I>::LANES;
        let unit = UNIT * lanes;
        // As many sums as hide the latency of an addition, if there are the registers.
        let most = if T::Vector::<I>::REGISTERS == 16 { 3 } else { 2 };
        let terms = deal(p.depth, (CLOSE / (most * unit * size_of::<T>())).min(TERMS));
        let strip = self.strip.as_mut_ptr().cast::<T>();
        let sums = self.sums.as_mut_ptr().cast::<T>();
        for (first, cols) in deal(p.cols, TILES / terms.len().max(1)) {
            for (block, (k, terms)) in terms.enumerate() {
                let bits = &mut self.bits[block * cols..][..cols];
                // SAFETY: these terms, at most `TERMS`, and columns lie within the product.
                unsafe { find(p.b.skip(first, k), terms, bits) };
            }
            for (at, units) in deal(p.rows.div_ceil(unit), most) {
                let (row, height) = (at * unit, units * unit);
                let rows = height.min(p.rows - row);
                let mut start = [T::ZERO; HIGHEST];
                // SAFETY: the token of type `I` was given, and there are so many rows of `A` and
                // biases; at most `HIGHEST` rows of at most `DEPTH` terms have room.
                unsafe {
                    let (a, vectors) = (p.a.skip(row, 0), height / lanes);
                    copy_strip::<T, T::Vector<I>>(a, rows, vectors, p.depth, strip);
                    if let Bias::OfRows(bias) = p.bias {
                        start.as_mut_ptr().copy_from_nonoverlapping(bias.add(row), rows);
                    }
                }
                // Columns of whole vectors are summed up in `C`, others apart. So are those that are
                // added to an old `C`: after all terms, as everywhere.
                let direct = !self.transposed && rows == height && p.beta == T::ZERO;
                for (col, count) in deal(cols, if direct { cols } else { COLUMNS }) {
                    let c = match self.transposed {
                        false => p.c.wrapping_add(row + (first + col) * p.c_stride),
                        true => p.c.wrapping_add(row * p.c_stride + first + col),
                    };
                    let to = if direct { (c, p.c_stride) } else { (sums, height) };
                    for (block, (k, _)) in terms.enumerate() {
                        let terms = Terms {
                            a: strip.wrapping_add(k * height),
                            b: p.b.skip(first + col, k),
                            bits: &self.bits[block * cols + col..][..count],
                            sums: to,
                            start: (block == 0).then_some(start.as_ptr()),
                            relu: direct && p.relu && block + 1 == terms.len(),
                        };
                        match units {
                            1 => isa.call(Tile::<T, UNIT>(&terms)),
                            2 => isa.call(Tile::<T, { 2 * UNIT }>(&terms)),
                            _ => isa.call(Tile::<T, { 3 * UNIT }>(&terms)),
                        }
                    }
                    if !direct {
                        let (c_stride, beta, floor, cols) = (p.c_stride, p.beta, p.floor(), count);
                        let whole = Whole { sums, height, rows, cols, c, c_stride, beta, floor };
                        // SAFETY: the token of type `I` was given; the tiles above wrote these sums,
                        // for whose last vector of columns `COLUMNS` has room, and `C` has the place.
                        unsafe {
                            if self.transposed {
                                whole.store_transposed::<T::Vector<I>>();
                            } else {
                                whole.store::<T::Vector<I>>();
                            }
                        }
                    }
                }
            }
        }
    }
}
