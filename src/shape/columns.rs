//! Samples side by side: the views through which layers see activations.

use super::{Dim, Elements, Shape};
use crate::kernel::Real;
use core::marker::PhantomData;
use nalgebra::{Const, DimName, Dyn, MatrixView, MatrixViewMut};

/// Samples of shape `S`, a column each: a matrix of `S::SIZE x count`, contiguous.
pub struct Columns<'a, S: Shape, T: Real> {
    data: &'a [S::Element<T>],
}

/// As [`Columns`], to be written.
pub struct ColumnsMut<'a, S: Shape, T: Real> {
    data: &'a mut [T],
    shape: PhantomData<S>,
}

/// A nalgebra view of columns: static rows, dynamic columns.
pub type Matrix<'a, S, T> =
    MatrixView<'a, T, Dim<<S as Shape>::Features>, Dyn, Const<1>, Dim<<S as Shape>::Features>>;

/// As [`Matrix`], to be written.
pub type MatrixMut<'a, S, T> =
    MatrixViewMut<'a, T, Dim<<S as Shape>::Features>, Dyn, Const<1>, Dim<<S as Shape>::Features>>;

impl<S: Shape, T: Real> Clone for Columns<'_, S, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Shape, T: Real> Copy for Columns<'_, S, T> {}

impl<'a, S: Shape, T: Real> Columns<'a, S, T> {
    /// Sees a slice as columns.
    ///
    /// # Panics
    /// When the length is no multiple of `S::SIZE`.
    pub fn new(data: &'a [S::Element<T>]) -> Self {
        assert_whole::<S>(data.len());
        Self { data }
    }

    /// Sees a slice of numbers as columns.
    ///
    /// # Panics
    /// When the length is no multiple of `S::SIZE`, or the elements of `S` are no numbers.
    pub fn from_numbers(numbers: &'a [T]) -> Self {
        Self::new(S::from_elements(Elements::Numbers(numbers)).expect("elements are numbers"))
    }

    /// No columns.
    pub fn empty() -> Self {
        Self { data: &[] }
    }

    /// The number of columns.
    pub fn count(&self) -> usize {
        self.data.len() / S::SIZE.max(1)
    }

    /// All elements, column after column.
    pub fn as_slice(&self) -> &'a [S::Element<T>] {
        self.data
    }

    /// All elements, column after column, of a shape whose elements are numbers.
    ///
    /// # Panics
    /// When they are not.
    pub fn numbers(&self) -> &'a [T] {
        match S::elements(self.data) {
            Elements::Numbers(numbers) => numbers,
            Elements::Ids(_) => panic!("token ids where numbers are expected"),
        }
    }

    /// All ids, of a shape whose elements are ids.
    ///
    /// # Panics
    /// When they are not.
    pub fn ids(&self) -> &'a [u32] {
        match S::elements::<T>(self.data) {
            Elements::Ids(ids) => ids,
            Elements::Numbers(_) => panic!("numbers where token ids are expected"),
        }
    }

    /// The columns as a nalgebra matrix.
    ///
    /// # Panics
    /// When the elements are no numbers.
    pub fn matrix(&self) -> Matrix<'a, S, T> {
        Matrix::<S, T>::from_slice_generic(self.numbers(), Dim::name(), Dyn(self.count()))
    }

    /// The same elements as columns of another shape of the same size: an image as a flat vector.
    ///
    /// # Panics
    /// When the sizes differ, or the elements are of another kind.
    pub fn reshape<R: Shape>(&self) -> Columns<'a, R, T> {
        assert_eq!(S::SIZE, R::SIZE, "a reshape keeps the number of elements");
        let elements = S::elements(self.data);
        Columns::new(R::from_elements(elements).expect("a reshape keeps the kind of elements"))
    }
}

impl<'a, S: Shape, T: Real> ColumnsMut<'a, S, T> {
    /// Sees a slice as columns.
    ///
    /// # Panics
    /// When the length is no multiple of `S::SIZE`.
    pub fn new(data: &'a mut [T]) -> Self {
        assert_whole::<S>(data.len());
        Self { data, shape: PhantomData }
    }

    /// The number of columns.
    pub fn count(&self) -> usize {
        self.data.len() / S::SIZE.max(1)
    }

    /// All elements, column after column.
    pub fn as_slice(&self) -> &[T] {
        self.data
    }

    /// All elements, column after column, to be written.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        self.data
    }

    /// All elements for as long as the columns live.
    pub fn into_slice(self) -> &'a mut [T] {
        self.data
    }

    /// The columns as a nalgebra matrix.
    pub fn matrix_mut(&mut self) -> MatrixMut<'_, S, T> {
        let count = self.count();
        MatrixMut::<S, T>::from_slice_generic(self.data, Dim::name(), Dyn(count))
    }

    /// Reads what is here.
    pub fn as_columns(&self) -> Columns<'_, S, T> {
        Columns::from_numbers(self.data)
    }

    /// The same columns for a shorter time.
    pub fn reborrow(&mut self) -> ColumnsMut<'_, S, T> {
        ColumnsMut { data: self.data, shape: PhantomData }
    }

    /// As [`Columns::reshape`].
    ///
    /// # Panics
    /// When the sizes differ.
    pub fn reshape<R: Shape>(self) -> ColumnsMut<'a, R, T> {
        assert_eq!(S::SIZE, R::SIZE, "a reshape keeps the number of elements");
        ColumnsMut { data: self.data, shape: PhantomData }
    }
}

fn assert_whole<S: Shape>(len: usize) {
    assert!(
        len.is_multiple_of(S::SIZE.max(1)),
        "{len} elements are no whole number of columns of {:?}",
        S::DIMS
    );
}
