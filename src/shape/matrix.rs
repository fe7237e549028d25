//! The matrices through which layers see activations and parameters: nalgebra's, with rows that the
//! compiler knows.
//!
//! Every matrix here lies column after column. What lies row after row, such as the weights of a
//! dense layer, is the [`Transposed`] of such a matrix, and no matrix of nalgebra's: that library's
//! operators (up to version 0.35) read and write out of bounds where neighbours in a column are not
//! neighbours in memory. Only [products](super::product) take it.

use super::{Dim, Dimension, Shape};
use crate::kernel::Real;
use nalgebra::{Const, DimName, Dyn, Matrix, MatrixView, MatrixViewMut, RawStorage, Scalar};

/// Samples side by side, a column each: `Rows x n`, to be read.
pub type Columns<'a, T, Rows> = MatrixView<'a, T, Dim<Rows>, Dyn, Const<1>, Dim<Rows>>;

/// As [`Columns`], to be written.
pub type ColumnsMut<'a, T, Rows> = MatrixViewMut<'a, T, Dim<Rows>, Dyn, Const<1>, Dim<Rows>>;

/// Numbers that the compiler knows the number of, to be read: a bias, say.
pub type Column<'a, T, Rows> = MatrixView<'a, T, Dim<Rows>, Const<1>, Const<1>, Dim<Rows>>;

/// A slice as columns of `Rows` elements.
///
/// # Panics
/// When it is no whole number of them.
#[inline]
#[track_caller]
pub fn columns<Rows: Dimension, T: Scalar>(elements: &[T]) -> Columns<'_, T, Rows> {
    let count = Dyn(count::<Rows>(elements.len()));
    // SAFETY: that many columns have as many elements as there are, or none. (nalgebra's own check
    // takes a greatest common divisor.)
    unsafe { Columns::from_slice_generic_unchecked(elements, 0, Dim::name(), count) }
}

/// As [`columns`], to be written.
///
/// # Panics
/// When it is no whole number of them.
#[inline]
#[track_caller]
pub fn columns_mut<Rows: Dimension, T: Scalar>(elements: &mut [T]) -> ColumnsMut<'_, T, Rows> {
    let count = Dyn(count::<Rows>(elements.len()));
    // SAFETY: as in `columns`.
    unsafe { ColumnsMut::from_slice_generic_unchecked(elements, 0, Dim::name(), count) }
}

#[inline]
#[track_caller]
fn count<Rows: Dimension>(len: usize) -> usize {
    let size = Rows::USIZE.max(1);
    if !len.is_multiple_of(size) {
        not_whole(len, size);
    }
    len / size
}

/// A function of its own, since what formats a message is longer than all else there.
#[cold]
#[inline(never)]
#[track_caller]
fn not_whole(len: usize, size: usize) -> ! {
    panic!("{len} elements are no whole number of columns of {size}")
}

/// The transpose of a matrix, seen in place: what lies row after row.
///
/// None of nalgebra's operators takes it:
///
/// ```compile_fail
/// use formwork::shape::{Columns, Dimension, Transpose};
///
/// fn product<N: Dimension>(a: Columns<'_, f32, N>, b: Columns<'_, f32, N>) {
///     let _ = a.t() * b; // E0369: `shape::product` takes these
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Transposed<M>(pub(crate) M);

impl<M> Transposed<M> {
    /// The matrix of which this is the transpose.
    pub fn t(self) -> M {
        self.0
    }
}

/// The transpose of a matrix, seen in place.
pub trait Transpose {
    /// The transpose.
    type Transposed<'a>
    where
        Self: 'a;

    /// This matrix's transpose, without a copy.
    fn t(&self) -> Self::Transposed<'_>;
}

impl<T, R, C, S> Transpose for Matrix<T, R, C, S>
where
    T: Scalar,
    R: nalgebra::Dim,
    C: nalgebra::Dim,
    S: RawStorage<T, R, C, RStride = Const<1>>,
{
    type Transposed<'a>
        = Transposed<MatrixView<'a, T, R, C, Const<1>, S::CStride>>
    where
        Self: 'a;

    #[inline]
    fn t(&self) -> Self::Transposed<'_> {
        let (shape, strides) = (self.data.shape(), self.data.strides());
        // SAFETY: pointer, shape and strides are those of this matrix, which stays borrowed.
        let storage =
            unsafe { nalgebra::ViewStorage::from_raw_parts(self.as_ptr(), shape, strides) };
        Transposed(MatrixView::from_data(storage))
    }
}

/// What can be done with columns that are borrowed to be written.
pub trait Reborrow<T: Scalar, Rows: Dimension> {
    /// The same columns for a shorter time.
    fn reborrow(&mut self) -> ColumnsMut<'_, T, Rows>;
    /// The same columns, to be read.
    fn read(&self) -> Columns<'_, T, Rows>;
}

impl<T: Scalar, Rows: Dimension> Reborrow<T, Rows> for ColumnsMut<'_, T, Rows> {
    #[inline]
    fn reborrow(&mut self) -> ColumnsMut<'_, T, Rows> {
        columns_mut(self.as_mut_slice())
    }

    #[inline]
    fn read(&self) -> Columns<'_, T, Rows> {
        columns(self.as_slice())
    }
}

/// Columns that are images `S`, as pixels: `Channels x (height * width * n)`, a column a pixel.
#[inline]
pub fn pixels<'a, S: Shape, T: Real>(
    images: &Columns<'a, T, S::Features>,
) -> Columns<'a, T, S::Channels> {
    columns(slice(images))
}

/// As [`pixels`], to be written.
#[inline]
pub fn pixels_mut<'a, S: Shape, T: Real>(
    images: &'a mut ColumnsMut<'_, T, S::Features>,
) -> ColumnsMut<'a, T, S::Channels> {
    columns_mut(images.as_mut_slice())
}

/// Columns, whether borrowed to be read or to be written.
pub trait AsColumns<T, Rows> {
    /// All elements, column after column.
    fn elements(&self) -> &[T];
}

impl<T: Scalar, Rows: Dimension> AsColumns<T, Rows> for Columns<'_, T, Rows> {
    fn elements(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: Scalar, Rows: Dimension> AsColumns<T, Rows> for ColumnsMut<'_, T, Rows> {
    fn elements(&self) -> &[T] {
        self.as_slice()
    }
}

/// The elements of columns, for as long as these are borrowed from elsewhere.
#[inline]
pub fn slice<'a, T: Scalar, Rows: Dimension>(columns: &Columns<'a, T, Rows>) -> &'a [T] {
    columns.data.into_slice()
}

/// Columns of one shape as those of another of the same size: an image as a flat vector.
///
/// # Panics
/// When they are no whole number of columns of the other.
#[inline]
pub fn reshape<'a, T: Scalar, From: Dimension, To: Dimension>(
    from: Columns<'a, T, From>,
) -> Columns<'a, T, To> {
    columns(slice(&from))
}

/// As [`reshape`], to be written.
///
/// # Panics
/// When they are no whole number of columns of the other.
#[inline]
pub fn reshape_mut<'a, T: Scalar, From: Dimension, To: Dimension>(
    from: ColumnsMut<'a, T, From>,
) -> ColumnsMut<'a, T, To> {
    columns_mut(from.data.into_slice_mut())
}
