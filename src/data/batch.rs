//! Samples side by side.

use core::fmt::{self, Debug, Formatter};
#[cfg(feature = "std")]
use core::ops::Range;
use core::slice::{ChunksExact, ChunksExactMut};

use alloc::vec::Vec;
use nalgebra::{Const, DMatrixView, Dim, Dyn, Matrix, MatrixView, RawStorage};

use super::error::{DataError, Part};
use super::target::{Classes, IGNORED, Values};
use crate::kernel::Real;
use crate::shape::{Elements, Grid, Number, Sample};

/// Samples side by side in one piece of memory: a matrix of [`S::SIZE`](Sample::SIZE) rows with a
/// column for each sample, stored column by column. Within a sample the width runs fastest, then
/// the height, then the channels.
///
/// Ids in a batch are always below their limit (or [`IGNORED`](super::IGNORED), as targets): they
/// are checked where they enter it.
///
/// ```
/// use formwork::data::{Batch, Grid};
///
/// let batch = Batch::<Grid<2>>::from_vec(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0])?;
/// assert_eq!(batch.columns(), 3);
/// assert_eq!(batch.column(1), [2.0, 3.0]);
/// assert_eq!(batch.matrix::<2>()[(0, 2)], 4.0);
///
/// let error = Batch::<Grid<1, 28, 28>>::from_vec(vec![0.0; 100]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "found 100 numbers, expected a multiple of 784 for samples of 1x28x28"
/// );
/// # Ok::<(), formwork::data::DataError>(())
/// ```
pub struct Batch<S: Sample, T: Number = f32> {
    pub(super) data: Vec<S::Element<T>>,
    /// Of sequences side by side; empty where the samples are not said to be such.
    pub(super) lengths: Vec<usize>,
}

impl<S: Sample, T: Number> Batch<S, T> {
    /// A batch without samples.
    pub fn new() -> Self {
        Self::with_capacity(0)
    }

    /// A batch without samples, with room for so many that adding them does not allocate.
    pub fn with_capacity(columns: usize) -> Self {
        Batch { data: Vec::with_capacity(columns * S::SIZE), lengths: Vec::new() }
    }

    /// The samples whose numbers follow one another in `data`.
    ///
    /// # Errors
    /// [`DataError::Length`] where the last sample is incomplete, [`DataError::Id`] for an id that
    /// does not exist.
    pub fn from_vec(data: Vec<S::Element<T>>) -> Result<Self, DataError> {
        if !data.len().is_multiple_of(S::SIZE) {
            return Err(DataError::Length { dims: S::DIMS, found: data.len() });
        }
        check_ids::<S, T>(&data, 0)?;
        Ok(Batch { data, lengths: Vec::new() })
    }

    /// One sample from each item: arrays, slices or vectors of [`S::SIZE`](Sample::SIZE) numbers.
    ///
    /// # Errors
    /// As for [`push`](Self::push), at the first wrong item.
    ///
    /// ```
    /// use formwork::data::{Batch, Grid};
    ///
    /// let batch = Batch::<Grid<3>>::from_rows([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])?;
    /// assert_eq!(batch.columns(), 2);
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    pub fn from_rows<R>(rows: impl IntoIterator<Item = R>) -> Result<Self, DataError>
    where
        R: AsRef<[S::Element<T>]>,
    {
        let mut batch = Self::new();
        for row in rows {
            batch.push(row.as_ref())?;
        }
        Ok(batch)
    }

    /// Adds one sample at the end.
    ///
    /// # Errors
    /// [`DataError::Row`] where the sample has another size, [`DataError::Id`] for an id that does
    /// not exist. The batch is then as before.
    pub fn push(&mut self, sample: &[S::Element<T>]) -> Result<(), DataError> {
        if sample.len() != S::SIZE {
            let found = sample.len();
            return Err(DataError::Row { sample: self.columns(), dims: S::DIMS, found });
        }
        check_ids::<S, T>(sample, self.columns())?;
        self.lengths.clear();
        self.data.extend_from_slice(sample);
        Ok(())
    }

    /// How many samples there are.
    pub fn columns(&self) -> usize {
        self.data.len() / S::SIZE
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// All numbers, sample after sample.
    pub fn data(&self) -> &[S::Element<T>] {
        &self.data
    }

    /// The numbers as a vector of their own.
    pub fn into_vec(self) -> Vec<S::Element<T>> {
        self.data
    }

    /// The numbers of one sample.
    ///
    /// # Panics
    /// If there are not so many samples.
    pub fn column(&self, index: usize) -> &[S::Element<T>] {
        let columns = self.columns();
        assert!(index < columns, "column {index} of a batch of {columns}");
        &self.data[index * S::SIZE..][..S::SIZE]
    }

    /// The samples in their order, each a slice of [`S::SIZE`](Sample::SIZE) numbers.
    pub fn iter(&self) -> ChunksExact<'_, S::Element<T>> {
        self.data.chunks_exact(S::SIZE)
    }

    /// The samples that are the columns of a matrix, of dynamic or static size.
    ///
    /// ```
    /// use formwork::data::{Batch, Grid};
    /// use nalgebra::{DMatrix, Matrix2x3};
    ///
    /// let samples = Matrix2x3::new(0.0, 1.0, 2.0, 3.0, 4.0, 5.0);
    /// let batch = Batch::<Grid<2>>::from_matrix(&samples)?;
    /// assert_eq!(batch.column(1), [1.0, 4.0]);
    ///
    /// let error = Batch::<Grid<2>>::from_matrix(&DMatrix::<f32>::zeros(3, 4)).unwrap_err();
    /// assert_eq!(error.to_string(), "sample 0 has 3 numbers, expected 2 for a sample of 2x1x1");
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// [`DataError::Row`] where the columns have another size, [`DataError::Id`] for an id that does
    /// not exist.
    pub fn from_matrix<R: Dim, C: Dim>(
        matrix: &Matrix<S::Element<T>, R, C, impl RawStorage<S::Element<T>, R, C>>,
    ) -> Result<Self, DataError> {
        if matrix.nrows() != S::SIZE {
            return Err(DataError::Row { sample: 0, dims: S::DIMS, found: matrix.nrows() });
        }
        let mut data = Vec::with_capacity(matrix.len());
        for column in matrix.column_iter() {
            data.extend(column.iter().copied());
        }
        Self::from_vec(data)
    }

    /// The batch as a matrix with a column for each sample, whose rows the compiler knows:
    /// [`S::SIZE`](Sample::SIZE) of them, or it does not compile.
    ///
    /// ```
    /// use formwork::data::{Batch, Grid};
    /// use nalgebra::RowVector2;
    ///
    /// let batch = Batch::<Grid<2>>::from_rows([[1.0, 2.0], [3.0, 4.0]])?;
    /// let sums = RowVector2::new(1.0, 1.0) * batch.matrix(); // 1 x 2, by 2 x n
    /// assert_eq!(sums.as_slice(), [3.0, 7.0]);
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    pub fn matrix<const ROWS: usize>(&self) -> MatrixView<'_, S::Element<T>, Const<ROWS>, Dyn> {
        const { assert!(ROWS == S::SIZE, "the rows of a batch's matrix are the numbers of a sample") };
        MatrixView::from_slice_generic(&self.data, Const, Dyn(self.columns()))
    }

    /// As [`matrix`](Self::matrix), with rows that only the program knows.
    pub fn dynamic_matrix(&self) -> DMatrixView<'_, S::Element<T>> {
        DMatrixView::from_slice(&self.data, S::SIZE, self.columns())
    }

    /// The numbers, as what they are to a network.
    pub(crate) fn elements(&self) -> Elements<'_, T>
    where
        T: Real,
    {
        S::elements(&self.data)
    }

    /// Removes all samples and keeps the memory.
    pub fn clear(&mut self) {
        self.data.clear();
        self.lengths.clear();
    }

    /// Replaces the samples by those of `source` at `indices`, in that order. Allocates only where
    /// the batch has never been so large.
    ///
    /// # Panics
    /// If `source` has no sample at one of the indices.
    pub fn gather(&mut self, source: &Self, indices: &[usize]) {
        self.clear();
        self.data.reserve(indices.len() * S::SIZE);
        for &index in indices {
            self.data.extend_from_slice(source.column(index));
        }
    }

    /// Replaces the samples by some consecutive ones of `source`.
    #[cfg(feature = "std")]
    pub(crate) fn copy_columns(&mut self, source: &Self, columns: Range<usize>) {
        self.clear();
        self.data.extend_from_slice(&source.data[columns.start * S::SIZE..columns.end * S::SIZE]);
    }

    /// Refuses numbers that a batch may not hold.
    pub(super) fn check(data: &[S::Element<T>]) -> Result<(), DataError> {
        check_ids::<S, T>(data, 0)
    }

    /// Adds one number that has been checked.
    pub(crate) fn push_checked(&mut self, number: S::Element<T>) {
        self.lengths.clear();
        self.data.push(number);
    }

    /// The samples, to be changed in place by what keeps ids below their limit.
    pub(super) fn samples_mut(&mut self) -> ChunksExactMut<'_, S::Element<T>> {
        self.data.chunks_exact_mut(S::SIZE)
    }

    /// Exchanges two samples.
    pub(super) fn swap(&mut self, a: usize, b: usize) {
        let (low, high) = (a.min(b), a.max(b));
        if low < high {
            let (head, tail) = self.data.split_at_mut(high * S::SIZE);
            head[low * S::SIZE..][..S::SIZE].swap_with_slice(&mut tail[..S::SIZE]);
        }
    }

    /// Cuts off the samples from `at` on.
    pub(super) fn split_off(&mut self, at: usize) -> Self {
        Batch { data: self.data.split_off(at * S::SIZE), lengths: Vec::new() }
    }

    /// Refuses infinite numbers and such as are not numbers.
    pub(super) fn check_finite(&self, part: Part) -> Result<(), DataError> {
        let finite = |value: &S::Element<T>| {
            let value: f64 = (*value).into();
            value.is_finite()
        };
        match self.data.iter().position(|value| !finite(value)) {
            None => Ok(()),
            Some(position) => {
                let [_, height, width] = S::DIMS;
                let (sample, offset) = (position / S::SIZE, position % S::SIZE);
                let at = [offset / (height * width), offset / width % height, offset % width];
                Err(DataError::NotFinite { part, sample, at, value: self.data[position].into() })
            }
        }
    }
}

/// Refuses ids at or above the limit of their kind, but for the exempt one; `first` is the index of the first sample.
pub(super) fn check_ids<S: Sample, T: Number>(
    data: &[S::Element<T>],
    first: usize,
) -> Result<(), DataError> {
    let Some(limit) = S::LIMIT else { return Ok(()) };
    let id = |value: &S::Element<T>| -> f64 { (*value).into() };
    let exempt = S::EXEMPT.map(f64::from);
    let exists = |id: f64| id < f64::from(limit) || Some(id) == exempt;
    match data.iter().position(|value| !exists(id(value))) {
        None => Ok(()),
        Some(at) => {
            let sample = first + at / S::SIZE;
            Err(DataError::Id { sample, id: id(&data[at]) as u32, limit })
        }
    }
}

impl<const C: usize, const H: usize, const W: usize, T: Number> Batch<Grid<C, H, W>, T> {
    /// All numbers, sample after sample, to be changed in place.
    pub fn data_mut(&mut self) -> &mut [T] {
        &mut self.data
    }
}

impl<const N: usize, T: Number> Batch<Values<N>, T> {
    /// All numbers, sample after sample, to be changed in place.
    pub fn data_mut(&mut self) -> &mut [T] {
        &mut self.data
    }
}

impl<const N: usize, T: Number> Batch<Classes<N>, T> {
    /// How many targets are not [`IGNORED`].
    pub fn answered(&self) -> usize {
        self.data().iter().filter(|&&id| id != IGNORED).count()
    }
}

impl<S: Sample, T: Number> Default for Batch<S, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Sample, T: Number> Clone for Batch<S, T> {
    fn clone(&self) -> Self {
        Batch { data: self.data.clone(), lengths: self.lengths.clone() }
    }
}

impl<S: Sample, T: Number> PartialEq for Batch<S, T> {
    fn eq(&self, other: &Self) -> bool {
        self.data == other.data && self.lengths == other.lengths
    }
}

impl<S: Sample, T: Number> Debug for Batch<S, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, S: Sample, T: Number> IntoIterator for &'a Batch<S, T> {
    type Item = &'a [S::Element<T>];
    type IntoIter = ChunksExact<'a, S::Element<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
