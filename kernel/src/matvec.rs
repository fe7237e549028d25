//! Small products of a matrix with one vector, of constant sizes.

use super::{
    dispatch::{Isa, Kernel, dispatch},
    scalar::Scalar,
    vector::Vector,
};
use core::marker::PhantomData;
use typenum::Unsigned;

/// The most elements of a matrix for which constant sizes pay: the code is as long as the matrix.
const MOST: usize = 1024;

/// Whether a matrix is small enough for [`matvec`].
pub const fn is_small<Rows: Unsigned, Cols: Unsigned>() -> bool {
    Rows::USIZE * Cols::USIZE <= MOST
}

/// `y = A x + bias` for a small matrix, row after row.
///
/// ```
/// use formwork_kernel::matvec;
/// use typenum::{U2, U3};
///
/// let mut y = [0.0_f32; 2];
/// matvec::<U2, U3, _>(&mut y, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[1.0, 0.0, -1.0], &[0.5, 0.0]);
/// assert_eq!(y, [1.0 - 3.0 + 0.5, 4.0 - 6.0]);
/// ```
///
/// # Panics
/// If a slice has another length.
#[track_caller]
#[inline]
pub fn matvec<Rows: Unsigned, Cols: Unsigned, T: Scalar>(
    y: &mut [T],
    a: &[T],
    x: &[T],
    bias: &[T],
) {
    let fits = y.len() == Rows::USIZE && x.len() == Cols::USIZE && bias.len() == Rows::USIZE;
    assert!(fits && a.len() == Rows::USIZE * Cols::USIZE, "the operands of a product do not fit");
    dispatch(Matvec::<Rows, Cols, T> { y, a, x, bias, sizes: PhantomData });
}

struct Matvec<'a, Rows, Cols, T> {
    y: &'a mut [T],
    a: &'a [T],
    x: &'a [T],
    bias: &'a [T],
    sizes: PhantomData<(Rows, Cols)>,
}

impl<Rows: Unsigned, Cols: Unsigned, T: Scalar> Kernel for Matvec<'_, Rows, Cols, T> {
    type Output = ();
    // A vector wider than `x` would wait for `x`, if it has only just been written.
    const AVX512: bool = Cols::USIZE > 8;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let (rows, cols, lanes) = (Rows::USIZE, Cols::USIZE, T::Vector::<I>::LANES);
        let (a, x) = (self.a.as_ptr(), self.x.as_ptr());
        // SAFETY: the token of type `I` was given; `matvec` has checked the lengths, and rows and
        // columns beyond the last are not touched.
        unsafe {
            for row in (0..rows).step_by(4) {
                let count = 4.min(rows - row);
                let mut sums = [T::Vector::<I>::splat(T::ZERO); 4];
                for (i, sum) in sums.iter_mut().enumerate().take(count) {
                    // The bias is a term like others, in the first lane.
                    *sum = T::Vector::<I>::load_first(self.bias.as_ptr().add(row + i), 1);
                }
                for k in (0..cols).step_by(lanes) {
                    let n = lanes.min(cols - k);
                    let x = T::Vector::<I>::load_first(x.add(k), n);
                    for (i, sum) in sums.iter_mut().enumerate().take(count) {
                        let a = T::Vector::<I>::load_first(a.add((row + i) * cols + k), n);
                        *sum = sum.add_mul(a, x);
                    }
                }
                let y = self.y.as_mut_ptr().add(row);
                T::Vector::<I>::sum4(sums).store_first(y, count);
            }
        }
    }
}
