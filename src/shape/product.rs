//! Products of matrices whose inner dimensions the compiler compares.
//!
//! ```text
//! product(a, b).store(c)                                C = A B
//! product(a, b).plus(bias).rectified(true).store(c)     C = max(A B + bias, 0)
//! product(a, b).accumulate(beta, c)                     C = beta C + A B
//! ```
//!
//! An operand is a matrix of nalgebra or the [`Transposed`] of one. What is compared are types, so a
//! forgotten transposition does not compile:
//!
//! ```compile_fail
//! use formwork::shape::{Columns, ColumnsMut, Dimension, product};
//!
//! fn squares<In: Dimension, Out: Dimension>(
//!     w: Columns<'_, f32, Out>,
//!     x: Columns<'_, f32, In>,
//!     mut y: ColumnsMut<'_, f32, Out>,
//! ) {
//!     product(&w, &x).store(&mut y); // `w` is `Out x n`, `x` is `In x n`
//! }
//! ```

use super::{AsColumns, Dim, Dimension, Transposed};
use crate::kernel::{self, Finish, MatMut, MatRef, Real, matvec};
use core::marker::PhantomData;
use generic_array::GenericArray;
use nalgebra::{Const, Dyn, Matrix, RawStorage, RawStorageMut};
use typenum::{U0, Unsigned};

/// A number of rows or columns: one that the compiler knows, or not.
pub trait Extent: nalgebra::Dim {
    /// The number, if the compiler knows it.
    type Known: Unsigned;
    /// Whether it does.
    const IS_KNOWN: bool;
}

impl<N: Dimension> Extent for Dim<N> {
    type Known = N;
    const IS_KNOWN: bool = true;
}

impl Extent for Dyn {
    type Known = U0;
    const IS_KNOWN: bool = false;
}

impl<const N: usize> Extent for Const<N> {
    type Known = U0;
    const IS_KNOWN: bool = false;
}

/// A matrix that can be multiplied.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no matrix whose columns lie one after the other"
)]
pub trait Operand<T> {
    /// The number of rows.
    type Rows: Extent;
    /// The number of columns.
    type Cols: Extent;
    /// The matrix as kernels see it.
    fn bare(&self) -> MatRef<'_, T>;
}

/// A matrix that a product can be stored in.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no matrix whose columns lie one after the other"
)]
pub trait Target<T>: Operand<T> {
    /// Rows and columns.
    type Size;
    /// The matrix as kernels see it.
    fn bare_mut(&mut self) -> MatMut<'_, T>;
}

impl<T, R: Extent, C: Extent, S> Operand<T> for Matrix<T, R, C, S>
where
    S: RawStorage<T, R, C, RStride = Const<1>>,
{
    type Rows = R;
    type Cols = C;

    #[inline]
    fn bare(&self) -> MatRef<'_, T> {
        let ((rows, cols), (_, stride)) = (self.shape(), self.strides());
        // SAFETY: a matrix of nalgebra has its elements at these places (its `RawStorage` says so),
        // and this one stays borrowed; neighbours in a column are neighbours in memory.
        unsafe { MatRef::from_raw_parts(self.as_ptr(), rows, cols, 1, stride) }
    }
}

impl<T, R: Extent, C: Extent, S> Target<T> for Matrix<T, R, C, S>
where
    S: RawStorageMut<T, R, C, RStride = Const<1>>,
{
    type Size = (R, C);

    #[inline]
    fn bare_mut(&mut self) -> MatMut<'_, T> {
        let ((rows, cols), (_, stride)) = (self.shape(), self.strides());
        // SAFETY: as in `bare`, and the borrow is exclusive.
        unsafe { MatMut::from_raw_parts(self.as_mut_ptr(), rows, cols, 1, stride) }
    }
}

impl<T, M: Operand<T>> Operand<T> for Transposed<M> {
    type Rows = M::Cols;
    type Cols = M::Rows;

    #[inline]
    fn bare(&self) -> MatRef<'_, T> {
        self.0.bare().t()
    }
}

impl<T, M: Target<T>> Target<T> for Transposed<M> {
    type Size = (M::Cols, M::Rows);

    #[inline]
    fn bare_mut(&mut self) -> MatMut<'_, T> {
        self.0.bare_mut().t()
    }
}

/// `A B`, to be stored: of `R x K` and `K x C`.
#[must_use = "a product is computed when it is stored"]
pub struct Product<'a, T, R, K, C> {
    a: MatRef<'a, T>,
    b: MatRef<'a, T>,
    bias: Option<&'a [T]>,
    rectify: bool,
    sizes: PhantomData<(R, K, C)>,
}

/// The product of `R x K` and `K x C`.
#[inline]
pub fn product<'a, T: Real, R: Extent, K: Extent, C: Extent>(
    a: &'a impl Operand<T, Rows = R, Cols = K>,
    b: &'a impl Operand<T, Rows = K, Cols = C>,
) -> Product<'a, T, R, K, C> {
    let (a, b) = (a.bare(), b.bare());
    Product { a, b, bias: None, rectify: false, sizes: PhantomData }
}

impl<'a, T, N: Dimension, K, C> Product<'a, T, Dim<N>, K, C> {
    /// Adds a bias to each column.
    #[inline]
    pub fn plus(self, bias: &'a GenericArray<T, N>) -> Self {
        self.plus_any(Some(bias))
    }

    /// Adds a bias to each column, if there is one.
    #[inline]
    pub fn plus_any(self, bias: Option<&'a GenericArray<T, N>>) -> Self {
        Self { bias: bias.map(GenericArray::as_slice), ..self }
    }
}

impl<'a, T, K, C> Product<'a, T, Dyn, K, C> {
    /// Adds a bias to each column: as many entries as there are rows, which is checked when the product
    /// is stored.
    #[inline]
    pub fn plus(self, bias: &'a [T]) -> Self {
        Self { bias: Some(bias), ..self }
    }
}

impl<T: Real, R: Extent, K: Extent, C: Extent> Product<'_, T, R, K, C> {
    /// Whether the compiler knows how large the first matrix is, and it is small.
    const IS_SMALL: bool = R::IS_KNOWN && K::IS_KNOWN && kernel::is_small::<R::Known, K::Known>();

    /// Stores 0 in the place of what is negative, if so.
    #[inline]
    pub fn rectified(self, rectify: bool) -> Self {
        Self { rectify, ..self }
    }

    /// `C = A B`
    ///
    /// # Panics
    /// When numbers of rows or columns that the compiler does not know differ.
    #[inline]
    #[track_caller]
    pub fn store(self, c: &mut impl Target<T, Size = (R, C)>) {
        self.accumulate(T::ZERO, c);
    }

    /// `C = beta C + A B`; where `beta` is 0, `C` is not read.
    ///
    /// # Panics
    /// When numbers of rows or columns that the compiler does not know differ.
    #[inline]
    #[track_caller]
    pub fn accumulate(self, beta: T, c: &mut impl Target<T, Size = (R, C)>) {
        let Self { a, b, bias, rectify, .. } = self;
        let c = c.bare_mut();
        // Where every nanosecond counts, and not every byte: one sample, a small layer.
        let is_small = cfg!(feature = "batches") && Self::IS_SMALL;
        if is_small && beta == T::ZERO && matvec::suits(&c, a, b) {
            let bias = bias.unwrap_or_else(|| matvec::no_bias::<R::Known, T>());
            return matvec::<R::Known, K::Known, T>(c, a, b, bias, rectify);
        }
        kernel::gemm_with(c, a, b, Finish { beta, bias, relu: rectify });
    }
}

/// `total += sum over the columns of x`, the gradient of a bias, for the entries of `total` from the
/// one numbered `first` on: as many as there are.
///
/// # Panics
/// When there are fewer in `x`.
#[inline]
#[track_caller]
pub fn add_sum_from<T: Real, N: Dimension>(
    total: &mut [T],
    x: &impl AsColumns<T, N>,
    first: usize,
) {
    kernel::columns::add_sum(total, x.elements(), N::USIZE, first);
}

/// `total += sum over the columns of x`, the gradient of a bias.
#[inline]
pub fn add_sum<T: Real, N: Dimension>(total: &mut GenericArray<T, N>, x: &impl AsColumns<T, N>) {
    add_sum_from(total, x, 0);
}
