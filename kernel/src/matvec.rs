//! Small products of a matrix with one vector, of constant sizes.

use super::{
    MatMut, MatRef,
    dispatch::{Isa, Kernel, dispatch},
    scalar::Scalar,
    vector::Vector,
};
use core::marker::PhantomData;
use typenum::Unsigned;

/// The most elements of a matrix for which constant sizes pay: the code is as long as the matrix.
pub(crate) const MOST: usize = 1024;

/// Whether a matrix is small enough for [`matvec`].
pub const fn is_small<Rows: Unsigned, Cols: Unsigned>() -> bool {
    Rows::USIZE.saturating_mul(Cols::USIZE) <= MOST
}

/// Whether [`matvec`] takes these matrices: `A` row after row, and one column.
#[inline]
pub fn suits<T>(y: &MatMut<'_, T>, a: MatRef<'_, T>, x: MatRef<'_, T>) -> bool {
    let y = y.as_ref();
    (a.row_stride(), a.col_stride()) == (a.cols(), 1)
        && (x.cols(), y.cols()) == (1, 1)
        && (x.row_stride(), y.row_stride()) == (1, 1)
}

/// `y = A x + bias` for a small matrix, row after row, and one column; and 0 where that is negative
/// if it is to `rectify`.
///
/// ```
/// use formwork_kernel::{MatMut, MatRef, matvec};
/// use typenum::{U2, U3};
///
/// let mut y = [0.0_f32; 2];
/// matvec::<U2, U3, _>(
///     MatMut::col_major(&mut y, 2, 1),
///     MatRef::row_major(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3),
///     MatRef::col_major(&[1.0, 0.0, -1.0], 3, 1),
///     &[0.5, 0.0],
///     false,
/// );
/// assert_eq!(y, [1.0 - 3.0 + 0.5, 4.0 - 6.0]);
/// ```
///
/// # Panics
/// If an operand has another size, or does not lie as [`suits`] asks for.
#[track_caller]
#[inline]
pub fn matvec<Rows: Unsigned, Cols: Unsigned, T: Scalar>(
    y: MatMut<'_, T>,
    a: MatRef<'_, T>,
    x: MatRef<'_, T>,
    bias: &[T],
    rectify: bool,
) {
    let fits = y.as_ref().rows() == Rows::USIZE && x.rows() == Cols::USIZE;
    let fits = fits && bias.len() == Rows::USIZE;
    assert!(
        fits && (a.rows(), a.cols()) == (Rows::USIZE, Cols::USIZE) && suits(&y, a, x),
        "the operands of a product do not fit"
    );
    let mut operands = Operands { y, a, x, bias, rectify };
    // By reference: a copy of what has just been written would wait for it.
    dispatch(Matvec::<Rows, Cols, T>(&mut operands, PhantomData));
}

/// A bias for [`matvec`] that adds nothing.
#[must_use]
pub fn no_bias<Rows: Unsigned, T: Scalar>() -> &'static [T] {
    T::ZEROS.get(..Rows::USIZE).unwrap_or_default()
}

struct Matvec<'o, 'a, Rows, Cols, T>(&'o mut Operands<'a, T>, PhantomData<(Rows, Cols)>);

impl<Rows: Unsigned, Cols: Unsigned, T: Scalar> Kernel for Matvec<'_, '_, Rows, Cols, T> {
    type Output = ();
    // A vector wider than `x` would wait for `x`, if it has only just been written.
    const AVX512: bool = Cols::USIZE > 8;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // SAFETY: the token of type `I` was given; `matvec` has checked sizes and strides.
        unsafe {
            // Few of these processors have none of the newer instruction sets: no code of their own
            // for each size.
            if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) && !I::FUSED {
                self.0.multiply_any::<T::Vector<I>>(Rows::USIZE, Cols::USIZE);
            } else {
                self.0.multiply::<T::Vector<I>>(Rows::USIZE, Cols::USIZE);
            }
        }
    }
}

struct Operands<'a, T> {
    y: MatMut<'a, T>,
    a: MatRef<'a, T>,
    x: MatRef<'a, T>,
    bias: &'a [T],
    rectify: bool,
}

impl<T: Scalar> Operands<'_, T> {
    /// As [`multiply`](Self::multiply), compiled once for all sizes.
    ///
    /// # Safety
    /// See there.
    #[inline(never)]
    unsafe fn multiply_any<V: Vector<Elem = T>>(&mut self, rows: usize, cols: usize) {
        // SAFETY: the caller's promise.
        unsafe { self.multiply::<V>(rows, cols) }
    }

    /// `y = A x + bias`
    ///
    /// # Safety
    /// The instruction set of `V` is available, and the operands have these sizes and suit.
    #[inline(always)]
    unsafe fn multiply<V: Vector<Elem = T>>(&mut self, rows: usize, cols: usize) {
        let (a, x) = (self.a.as_ptr(), self.x.as_ptr());
        // SAFETY: the caller's promise; rows and columns beyond the last are not touched.
        unsafe {
            for row in (0..rows).step_by(4) {
                let count = 4.min(rows - row);
                let mut sums = [V::splat(T::ZERO); 4];
                for (i, sum) in sums.iter_mut().enumerate().take(count) {
                    // The bias is a term like others, in the first lane.
                    *sum = V::load_first(self.bias.as_ptr().add(row + i), 1);
                }
                for k in (0..cols).step_by(V::LANES) {
                    let n = V::LANES.min(cols - k);
                    let x = V::load_first(x.add(k), n);
                    for (i, sum) in sums.iter_mut().enumerate().take(count) {
                        let a = V::load_first(a.add((row + i) * cols + k), n);
                        *sum = sum.add_mul(a, x);
                    }
                }
                V::sum4(sums).store_first(self.y.as_mut_ptr().add(row), count);
            }
            if self.rectify {
                let y = core::slice::from_raw_parts_mut(self.y.as_mut_ptr(), rows);
                // Written so that NaN stays NaN.
                y.iter_mut().for_each(|y| *y = if *y < T::ZERO { T::ZERO } else { *y });
            }
        }
    }
}
