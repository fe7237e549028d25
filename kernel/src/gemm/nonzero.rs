//! Columns of sums, of the terms only whose factor is not zero.
//!
//! Which these are is told by bits, one for each term of a column of `B`. Some vectors of the column
//! of `C` stay in registers, and to these the columns of `A` are added that have a bit. To go from
//! one bit to the next takes no time beside the arithmetic.

use super::{copy::load, product::Operand};
use crate::{
    dispatch::{Isa, Kernel},
    scalar::Scalar,
    vector::Vector,
};

/// The most terms that have bits.
pub(super) const TERMS: usize = u64::BITS as usize;

/// Sets `bits` for each column to the terms that are not zero, the lowest for the first.
///
/// # Safety
/// There are so many columns, and `terms` of them are readable and at most [`TERMS`].
#[inline(always)]
pub(super) unsafe fn find<T: Scalar>(b: Operand<T>, terms: usize, bits: &mut [u64]) {
    debug_assert!(terms <= TERMS);
    let bit = |k: usize, x: T| u64::from(x != T::ZERO) << k;
    // In the order in which they lie in memory, of slices where the compiler can take vectors.
    // SAFETY: the caller promises that each column has these terms; they or the columns are
    // contiguous where they are taken as a slice.
    unsafe {
        if b.stride == 1 {
            bits.fill(0);
            for k in 0..terms {
                let row = core::slice::from_raw_parts(b.at(0, k), bits.len());
                bits.iter_mut().zip(row).for_each(|(bits, &x)| *bits |= bit(k, x));
            }
        } else if b.depth_stride == 1 {
            for (j, bits) in bits.iter_mut().enumerate() {
                let column = core::slice::from_raw_parts(b.at(j, 0), terms);
                *bits = column.iter().enumerate().fold(0, |bits, (k, &x)| bits | bit(k, x));
            }
        } else {
            for (j, bits) in bits.iter_mut().enumerate() {
                *bits = (0..terms).fold(0, |bits, k| bits | bit(k, *b.at(j, k)));
            }
        }
    }
}

/// Some terms of the sums of some columns, which are contiguous.
pub(super) struct Terms<'a, T> {
    /// Columns as high as the tile, one after the other.
    pub a: *const T,
    pub b: Operand<T>,
    /// Of each column, the terms that are not zero.
    pub bits: &'a [u64],
    /// Where the sums are, and the distance from a column to the next.
    pub sums: (*mut T, usize),
    /// The terms are the first: the sums of each column start with these.
    pub start: Option<*const T>,
    /// The terms are the last, and negative sums become 0.
    pub relu: bool,
}

/// Adds to columns of `H` vectors.
///
/// Invariant: `a` has such a column for each bit that is set, `b` a factor, `sums` a column for each
/// element of `bits`, and `start` one if there is any; nothing else uses `sums` meanwhile.
pub(super) struct Tile<'a, T, const H: usize>(pub &'a Terms<'a, T>);

impl<T: Scalar, const H: usize> Kernel for Tile<'_, T, H> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // SAFETY: by the invariant, and the token of type `I` was given.
        unsafe { tile::<T, T::Vector<I>, H>(self.0) }
    }
}

/// # Safety
/// The invariant of [`Tile`]; the instruction set of `V` is available.
#[inline(always)]
unsafe fn tile<T: Scalar, V: Vector<Elem = T>, const H: usize>(p: &Terms<'_, T>) {
    // SAFETY: `V` is available, and by the invariant `start`, `sums` and, for each bit, `A` have
    // columns of `H` vectors, and `B` a factor.
    unsafe {
        let zero = V::splat(T::ZERO);
        for (j, &bits) in p.bits.iter().enumerate() {
            let to = p.sums.0.wrapping_add(j * p.sums.1);
            let mut sums = [zero; H];
            let from = p.start.unwrap_or(to);
            for i in 0..H {
                sums[i] = V::load(from.add(i * V::LANES));
            }

            let b = p.b.at(j, 0);
            let mut bits = bits;
            while bits != 0 {
                let k = bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let factor = V::splat(*b.add(k * p.b.depth_stride));
                let a = p.a.wrapping_add(k * H * V::LANES);
                for i in 0..H {
                    sums[i] = sums[i].add_mul(V::load(a.add(i * V::LANES)), factor);
                }
            }

            if p.relu {
                for i in 0..H {
                    sums[i] = sums[i].at_least(zero);
                }
            }
            for i in 0..H {
                sums[i].store(to.add(i * V::LANES));
            }
        }
    }
}

/// Sums that are whole, and where they go.
pub(super) struct Whole<T> {
    /// Columns of `height`.
    pub sums: *mut T,
    pub height: usize,
    pub rows: usize,
    pub cols: usize,
    pub c: *mut T,
    pub c_stride: usize,
    pub beta: T,
    pub floor: T,
}

impl<T: Scalar> Whole<T> {
    /// Stores them in columns.
    ///
    /// # Safety
    /// The instruction set of `V` is available, `height` a multiple of its lanes and at least `rows`,
    /// and all elements may be read and written.
    #[inline(always)]
    pub unsafe fn store<V: Vector<Elem = T>>(&self) {
        for j in 0..self.cols {
            let (from, to) =
                (self.sums.wrapping_add(j * self.height), self.c.wrapping_add(j * self.c_stride));
            for i in (0..self.rows).step_by(V::LANES) {
                // SAFETY: the caller's promise.
                unsafe { self.finish(V::load(from.add(i)), to.add(i), self.rows - i) };
            }
        }
    }

    /// Stores them in rows.
    ///
    /// # Safety
    /// See [`store`](Self::store); there is memory for a whole number of vectors of columns.
    #[inline(always)]
    pub unsafe fn store_transposed<V: Vector<Elem = T>>(&self) {
        const MOST: usize = 16;
        let mut square = [T::ZERO; MOST * MOST];
        // What no sum fills of the last squares is read, too.
        let missing = self.cols.next_multiple_of(V::LANES) - self.cols;
        let after = self.sums.wrapping_add(self.cols * self.height);
        // SAFETY: the caller's promise; a float of zero bytes is 0.
        unsafe { after.write_bytes(0, missing * self.height) };
        for i in (0..self.rows).step_by(V::LANES) {
            for j in (0..self.cols).step_by(V::LANES) {
                let from = self.sums.wrapping_add(j * self.height + i);
                // SAFETY: the caller's promise.
                unsafe {
                    V::transpose(from, self.height, square.as_mut_ptr(), V::LANES);
                    for r in 0..V::LANES.min(self.rows - i) {
                        let x = V::load(square.as_ptr().add(r * V::LANES));
                        self.finish(x, self.c.add((i + r) * self.c_stride + j), self.cols - j);
                    }
                }
            }
        }
    }

    /// Stores a vector of at most so many sums.
    ///
    /// # Safety
    /// The instruction set of `V` is available, and that memory may be read and written.
    #[inline(always)]
    unsafe fn finish<V: Vector<Elem = T>>(&self, mut x: V, to: *mut T, most: usize) {
        let full = most >= V::LANES;
        // SAFETY: the caller's promise.
        unsafe {
            if self.beta != T::ZERO {
                x = x.add_mul(load::<T, V>(to, full, most), V::splat(self.beta));
            }
            x = x.at_least(V::splat(self.floor));
            if full { x.store(to) } else { x.store_first(to, most) }
        }
    }
}
