//! Matrices as views of slices.

/// A matrix to read: a slice, a shape and two strides.
///
/// Element `(i, j)` is `data[i * row_stride + j * col_stride]`, so a transposition only swaps
/// numbers.
///
/// ```
/// use formwork_kernel::MatRef;
///
/// let w = MatRef::row_major(&[1, 2, 3, 4, 5, 6], 2, 3);
/// assert_eq!(w.at(1, 0), 4);
/// assert_eq!(w.t().at(0, 1), 4);
/// ```
#[derive(Debug)]
pub struct MatRef<'a, T> {
    data: &'a [T],
    rows: usize,
    cols: usize,
    row_stride: usize,
    col_stride: usize,
}

impl<T> Clone for MatRef<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for MatRef<'_, T> {}

/// A matrix to write. One of its strides is 1 and the other steps over a whole row or column, so
/// that no two elements share memory.
#[derive(Debug)]
pub struct MatMut<'a, T> {
    data: &'a mut [T],
    rows: usize,
    cols: usize,
    row_stride: usize,
    col_stride: usize,
}

/// The number of scalars from the first to the last element, both included.
fn span(rows: usize, cols: usize, row_stride: usize, col_stride: usize) -> Option<usize> {
    if rows == 0 || cols == 0 {
        return Some(0);
    }
    let down = (rows - 1).checked_mul(row_stride)?;
    let across = (cols - 1).checked_mul(col_stride)?;
    down.checked_add(across)?.checked_add(1)
}

#[track_caller]
fn check_span(len: usize, rows: usize, cols: usize, row_stride: usize, col_stride: usize) {
    let fits = span(rows, cols, row_stride, col_stride).is_some_and(|span| span <= len);
    assert!(
        fits,
        "a {rows} x {cols} matrix with strides {row_stride} and {col_stride} does not fit {len} scalars"
    );
}

impl<'a, T> MatRef<'a, T> {
    /// A view with any strides.
    ///
    /// # Panics
    /// If an element lies outside `data`.
    #[track_caller]
    #[inline]
    #[must_use]
    pub fn new(
        data: &'a [T],
        rows: usize,
        cols: usize,
        row_stride: usize,
        col_stride: usize,
    ) -> Self {
        check_span(data.len(), rows, cols, row_stride, col_stride);
        Self { data, rows, cols, row_stride, col_stride }
    }

    /// Columns one after the other: a batch of activations, a column a sample.
    ///
    /// # Panics
    /// If `data` is shorter than the matrix.
    #[track_caller]
    #[inline]
    #[must_use]
    pub fn col_major(data: &'a [T], rows: usize, cols: usize) -> Self {
        Self::new(data, rows, cols, 1, rows)
    }

    /// Rows one after the other: the weights of a dense layer, `out x in`.
    ///
    /// # Panics
    /// If `data` is shorter than the matrix.
    #[track_caller]
    #[inline]
    #[must_use]
    pub fn row_major(data: &'a [T], rows: usize, cols: usize) -> Self {
        Self::new(data, rows, cols, cols, 1)
    }

    /// The transposed matrix.
    #[inline]
    #[must_use]
    pub fn t(self) -> Self {
        Self {
            data: self.data,
            rows: self.cols,
            cols: self.rows,
            row_stride: self.col_stride,
            col_stride: self.row_stride,
        }
    }

    /// Number of rows.
    #[inline]
    #[must_use]
    pub fn rows(self) -> usize {
        self.rows
    }
    /// Number of columns.
    #[inline]
    #[must_use]
    pub fn cols(self) -> usize {
        self.cols
    }
    /// Scalars from a row to the next.
    #[inline]
    #[must_use]
    pub fn row_stride(self) -> usize {
        self.row_stride
    }
    /// Scalars from a column to the next.
    #[inline]
    #[must_use]
    pub fn col_stride(self) -> usize {
        self.col_stride
    }
    #[inline]
    pub(crate) fn as_slice(self) -> &'a [T] {
        self.data
    }
    #[inline]
    pub(crate) fn as_ptr(self) -> *const T {
        self.data.as_ptr()
    }
}

impl<T: Copy> MatRef<'_, T> {
    /// The element in row `i` and column `j`.
    ///
    /// # Panics
    /// If it lies outside the matrix.
    #[track_caller]
    #[inline]
    #[must_use]
    pub fn at(self, i: usize, j: usize) -> T {
        assert!(
            i < self.rows && j < self.cols,
            "({i}, {j}) in a {} x {} matrix",
            self.rows,
            self.cols
        );
        self.data[i * self.row_stride + j * self.col_stride]
    }
}

impl<'a, T> MatMut<'a, T> {
    /// A view with a stride of 1 along rows or columns.
    ///
    /// # Panics
    /// If an element lies outside `data`, or if two elements could share memory: neither
    /// `row_stride == 1 && col_stride >= rows` nor `col_stride == 1 && row_stride >= cols`.
    #[track_caller]
    #[inline]
    #[must_use]
    pub fn new(
        data: &'a mut [T],
        rows: usize,
        cols: usize,
        row_stride: usize,
        col_stride: usize,
    ) -> Self {
        check_span(data.len(), rows, cols, row_stride, col_stride);
        assert!(
            (row_stride == 1 && col_stride >= rows) || (col_stride == 1 && row_stride >= cols),
            "elements of a mutable {rows} x {cols} matrix overlap with strides {row_stride} and {col_stride}"
        );
        Self { data, rows, cols, row_stride, col_stride }
    }

    /// Columns one after the other.
    ///
    /// # Panics
    /// If `data` is shorter than the matrix.
    #[track_caller]
    #[inline]
    #[must_use]
    pub fn col_major(data: &'a mut [T], rows: usize, cols: usize) -> Self {
        Self::new(data, rows, cols, 1, rows)
    }

    /// Rows one after the other.
    ///
    /// # Panics
    /// If `data` is shorter than the matrix.
    #[track_caller]
    #[inline]
    #[must_use]
    pub fn row_major(data: &'a mut [T], rows: usize, cols: usize) -> Self {
        Self::new(data, rows, cols, cols, 1)
    }

    /// The transposed matrix.
    #[inline]
    #[must_use]
    pub fn t(self) -> Self {
        Self {
            data: self.data,
            rows: self.cols,
            cols: self.rows,
            row_stride: self.col_stride,
            col_stride: self.row_stride,
        }
    }

    /// The same matrix, to read.
    #[inline]
    #[must_use]
    pub fn as_ref(&self) -> MatRef<'_, T> {
        MatRef {
            data: self.data,
            rows: self.rows,
            cols: self.cols,
            row_stride: self.row_stride,
            col_stride: self.col_stride,
        }
    }

    #[inline]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        self.data
    }
    #[inline]
    pub(crate) fn as_mut_ptr(&mut self) -> *mut T {
        self.data.as_mut_ptr()
    }
}
