//! Matrices as views of memory that somebody else owns.

use core::marker::PhantomData;

/// The shape of a matrix, and how many scalars apart its elements lie.
#[derive(Clone, Copy, Debug)]
struct Layout {
    rows: usize,
    cols: usize,
    row_stride: usize,
    col_stride: usize,
}

impl Layout {
    #[inline]
    fn t(self) -> Self {
        Self {
            rows: self.cols,
            cols: self.rows,
            row_stride: self.col_stride,
            col_stride: self.row_stride,
        }
    }

    /// The number of scalars from the first to the last element, both included.
    #[inline]
    fn span(self) -> Option<usize> {
        if self.rows == 0 || self.cols == 0 {
            return Some(0);
        }
        let down = (self.rows - 1).checked_mul(self.row_stride)?;
        let across = (self.cols - 1).checked_mul(self.col_stride)?;
        down.checked_add(across)?.checked_add(1)
    }

    #[track_caller]
    #[inline]
    fn assert_fits(self, len: usize) {
        let Self { rows, cols, row_stride, col_stride } = self;
        assert!(
            self.span().is_some_and(|span| span <= len),
            "a {rows} x {cols} matrix with strides {row_stride} and {col_stride} does not fit {len} scalars"
        );
    }

    #[track_caller]
    #[inline]
    fn assert_apart(self) {
        let Self { rows, cols, row_stride, col_stride } = self;
        assert!(
            (row_stride == 1 && col_stride >= rows) || (col_stride == 1 && row_stride >= cols),
            "elements of a mutable {rows} x {cols} matrix overlap with strides {row_stride} and {col_stride}"
        );
    }

    #[track_caller]
    #[inline]
    fn place(self, i: usize, j: usize) -> usize {
        assert!(
            i < self.rows && j < self.cols,
            "({i}, {j}) in a {} x {} matrix",
            self.rows,
            self.cols
        );
        i * self.row_stride + j * self.col_stride
    }
}

/// A matrix to read: where it begins, a shape and two strides.
///
/// Element `(i, j)` lies `i * row_stride + j * col_stride` scalars after the first, so a
/// transposition only swaps numbers. What lies between the elements is not touched.
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
    /// Invariant: the elements may be read for as long as `'a`.
    start: *const T,
    layout: Layout,
    elements: PhantomData<&'a T>,
}

impl<T> Clone for MatRef<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for MatRef<'_, T> {}

// SAFETY: it stands for shared references to the elements.
unsafe impl<T: Sync> Send for MatRef<'_, T> {}
// SAFETY: a shared view, too, only reads the elements.
unsafe impl<T: Sync> Sync for MatRef<'_, T> {}

/// A matrix to write, perhaps a block of a larger one. One of its strides is 1 and the other steps
/// over a whole row or column, so that no two elements share memory.
#[derive(Debug)]
pub struct MatMut<'a, T> {
    /// Invariant: the elements may be read and written, by nobody else, for as long as `'a`.
    start: *mut T,
    layout: Layout,
    elements: PhantomData<&'a mut T>,
}

// SAFETY: it stands for exclusive references to the elements.
unsafe impl<T: Send> Send for MatMut<'_, T> {}
// SAFETY: a shared one gives shared references to the elements.
unsafe impl<T: Sync> Sync for MatMut<'_, T> {}

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
        let layout = Layout { rows, cols, row_stride, col_stride };
        layout.assert_fits(data.len());
        Self { start: data.as_ptr(), layout, elements: PhantomData }
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

    /// A view of elements that are known by a pointer to the first alone.
    ///
    /// # Safety
    /// For each `i < rows` and `j < cols` there is an element at
    /// `start + i * row_stride + j * col_stride`, all inside one allocation, aligned and
    /// initialised, which nobody writes for as long as `'a`. What lies between them may be anything.
    /// Of an empty matrix nothing is asked.
    #[inline]
    #[must_use]
    pub unsafe fn from_raw_parts(
        start: *const T,
        rows: usize,
        cols: usize,
        row_stride: usize,
        col_stride: usize,
    ) -> Self {
        let layout = Layout { rows, cols, row_stride, col_stride };
        Self { start, layout, elements: PhantomData }
    }

    /// The transposed matrix.
    #[inline]
    #[must_use]
    pub fn t(self) -> Self {
        Self { layout: self.layout.t(), ..self }
    }

    /// The block of `rows x cols` elements from `(row, col)` on.
    ///
    /// # Panics
    /// If it lies outside the matrix.
    #[track_caller]
    #[inline]
    #[must_use]
    pub fn block(self, (row, col): (usize, usize), (rows, cols): (usize, usize)) -> Self {
        let inside = row <= self.rows() && rows <= self.rows() - row;
        assert!(inside && col <= self.cols() && cols <= self.cols() - col, "a block outside");
        let start = self.start.wrapping_add(row * self.row_stride() + col * self.col_stride());
        Self { start, layout: Layout { rows, cols, ..self.layout }, ..self }
    }

    /// Number of rows.
    #[inline]
    #[must_use]
    pub fn rows(self) -> usize {
        self.layout.rows
    }
    /// Number of columns.
    #[inline]
    #[must_use]
    pub fn cols(self) -> usize {
        self.layout.cols
    }
    /// Scalars from a row to the next.
    #[inline]
    #[must_use]
    pub fn row_stride(self) -> usize {
        self.layout.row_stride
    }
    /// Scalars from a column to the next.
    #[inline]
    #[must_use]
    pub fn col_stride(self) -> usize {
        self.layout.col_stride
    }
    #[inline]
    pub(crate) fn as_ptr(self) -> *const T {
        self.start
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
        let place = self.layout.place(i, j);
        // SAFETY: by the invariant; the element lies inside.
        unsafe { *self.start.add(place) }
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
        let layout = Layout { rows, cols, row_stride, col_stride };
        layout.assert_fits(data.len());
        layout.assert_apart();
        Self { start: data.as_mut_ptr(), layout, elements: PhantomData }
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

    /// A view of elements that are known by a pointer to the first alone.
    ///
    /// # Safety
    /// As for [`MatRef::from_raw_parts`], and nobody else reads or writes the elements for as long
    /// as `'a`.
    ///
    /// # Panics
    /// If two elements could share memory, as for [`new`](Self::new).
    #[track_caller]
    #[inline]
    #[must_use]
    pub unsafe fn from_raw_parts(
        start: *mut T,
        rows: usize,
        cols: usize,
        row_stride: usize,
        col_stride: usize,
    ) -> Self {
        let layout = Layout { rows, cols, row_stride, col_stride };
        layout.assert_apart();
        Self { start, layout, elements: PhantomData }
    }

    /// The transposed matrix.
    #[inline]
    #[must_use]
    pub fn t(self) -> Self {
        Self { layout: self.layout.t(), ..self }
    }

    /// The first `cols` columns, and the others.
    ///
    /// # Panics
    /// If there are not so many.
    #[track_caller]
    #[inline]
    pub(crate) fn split_cols(self, cols: usize) -> (Self, Self) {
        let Self { start, layout, elements } = self;
        assert!(cols <= layout.cols, "{cols} columns of {}", layout.cols);
        let rest = start.wrapping_add(cols * layout.col_stride);
        (
            Self { start, layout: Layout { cols, ..layout }, elements },
            Self { start: rest, layout: Layout { cols: layout.cols - cols, ..layout }, elements },
        )
    }

    /// The same matrix, to read.
    #[inline]
    #[must_use]
    pub fn as_ref(&self) -> MatRef<'_, T> {
        MatRef { start: self.start, layout: self.layout, elements: PhantomData }
    }

    #[inline]
    pub(crate) fn as_mut_ptr(&mut self) -> *mut T {
        self.start
    }
}
