//! Copies of matrices from one order to another.

use super::{
    dispatch::{Isa, Kernel, dispatch},
    parallel::{self, Share},
    scalar::Scalar,
    vector::Vector,
    view::{MatMut, MatRef},
};

/// Columns that one thread takes at a time.
const PIECE: usize = 64;
/// About how many scalars a core gets through in a nanosecond.
const PER_NANOSECOND: usize = 4;

/// Copies a matrix, whatever the order of either: with [`t`](MatRef::t), the transpose.
///
/// ```
/// use formwork_kernel::{MatMut, MatRef, copy};
///
/// let x = MatRef::row_major(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3);
/// let mut y = [0.0; 6];
/// copy(MatMut::col_major(&mut y, 2, 3), x);
/// assert_eq!(y, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
/// ```
///
/// # Panics
/// If the matrices differ in shape.
#[track_caller]
pub fn copy<T: Scalar>(to: MatMut<'_, T>, from: MatRef<'_, T>) {
    let shape = to.as_ref();
    let (rows, cols) = (shape.rows(), shape.cols());
    assert_eq!((rows, cols), (from.rows(), from.cols()), "the shapes of a matrix and its copy");
    // The columns of `to` are contiguous, or else those of its transpose.
    let by_rows = shape.row_stride() != 1 || (shape.col_stride() == 1 && rows == 1);
    let (to, from) = if by_rows { (to.t(), from.t()) } else { (to, from) };
    let (pieces, cost) = (from.cols().div_ceil(PIECE), rows * cols / PER_NANOSECOND);
    if parallel::threads_for(cost) == 1 {
        return dispatch(Copy { to, from });
    }
    parallel::for_each_share(pieces, cost, Columns(to), |i, to| {
        let size = (from.rows(), to.as_ref().cols());
        dispatch(Copy { to, from: from.block((0, i * PIECE), size) });
    });
}

/// A matrix of which each piece of work gets [`PIECE`] columns.
struct Columns<'a, T>(MatMut<'a, T>);

impl<'a, T: Send> Share for Columns<'a, T> {
    type Piece = MatMut<'a, T>;

    fn cut(self, pieces: usize) -> (Self, Self) {
        let cols = self.0.as_ref().cols().min(pieces * PIECE);
        let (left, right) = self.0.split_cols(cols);
        (Self(left), Self(right))
    }

    fn piece(self) -> MatMut<'a, T> {
        self.0
    }
}

/// Matrices of the same shape; the columns of `to` are contiguous.
struct Copy<'a, T> {
    to: MatMut<'a, T>,
    from: MatRef<'a, T>,
}

impl<T: Scalar> Kernel for Copy<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { mut to, from } = self;
        let lanes = T::Vector::<I>::LANES;
        let (rows, cols, stride) = (from.rows(), from.cols(), to.as_ref().col_stride());
        let (to, [down, across]) = (to.as_mut_ptr(), [from.row_stride(), from.col_stride()]);
        let from = from.as_ptr();
        // SAFETY: the token of type `I` was given, and only elements of both matrices, which have
        // the same shape, are touched.
        unsafe {
            if down == 1 {
                for c in 0..cols {
                    for r in (0..rows).step_by(lanes) {
                        let n = lanes.min(rows - r);
                        let x = T::Vector::<I>::load_first(from.add(r + c * across), n);
                        x.store_first(to.add(r + c * stride), n);
                    }
                }
            } else if across == 1 && rows >= lanes && cols >= lanes {
                // Squares; at the end of a row or column they overlap the last whole one.
                for r in (0..rows).step_by(lanes) {
                    let r = r.min(rows - lanes);
                    for c in (0..cols).step_by(lanes) {
                        let c = c.min(cols - lanes);
                        let (from, to) =
                            (from.wrapping_add(r * down + c), to.wrapping_add(r + c * stride));
                        T::Vector::<I>::transpose(from, down, to, stride);
                    }
                }
            } else {
                for c in 0..cols {
                    for r in 0..rows {
                        *to.add(r + c * stride) = *from.add(r * down + c * across);
                    }
                }
            }
        }
    }
}
