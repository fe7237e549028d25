//! Matrices that are mostly zero.

use std::vec::Vec;

use nalgebra::DMatrix;

/// A matrix of which only what is not zero is kept, row by row (compressed sparse rows).
#[derive(Clone, Debug, PartialEq)]
pub struct SparseMatrix {
    columns: usize,
    /// Where each row begins in `entries`, and the end of the last.
    starts: Vec<usize>,
    /// Column and value, by column within a row.
    entries: Vec<(u32, f32)>,
}

impl SparseMatrix {
    /// The matrix with these entries: row, column and value, in the order of rows, and of columns
    /// within a row.
    pub(super) fn new(
        rows: usize,
        columns: usize,
        sorted: impl Iterator<Item = (u32, u32, f32)>,
    ) -> Self {
        let (mut starts, mut entries) = (Vec::with_capacity(rows + 1), Vec::new());
        for (row, column, value) in sorted {
            while starts.len() <= row as usize {
                starts.push(entries.len());
            }
            entries.push((column, value));
        }
        starts.resize(rows + 1, entries.len());
        Self { columns, starts, entries }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many entries are kept.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether all entries are zero.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Columns and values of a row.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row(&self, row: usize) -> &[(u32, f32)] {
        &self.entries[self.starts[row]..self.starts[row + 1]]
    }

    /// One entry.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn get(&self, row: usize, column: usize) -> f32 {
        let row = self.row(row);
        row.binary_search_by_key(&(column as u32), |entry| entry.0).map_or(0.0, |at| row[at].1)
    }

    /// The cosine of the angle between two rows, 0 where one of them is of zeros.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn cosine(&self, a: usize, b: usize) -> f32 {
        let length = |row: usize| self.row(row).iter().map(|&(_, x)| x * x).sum::<f32>().sqrt();
        let product: f32 =
            self.row(a).iter().map(|&(column, x)| x * self.get(b, column as usize)).sum();
        let lengths = length(a) * length(b);
        if lengths > 0.0 { product / lengths } else { 0.0 }
    }

    /// `Y^T = (A X)^T` for `X^T`, a column for each row of `X`.
    pub(super) fn multiply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        let mut y = DMatrix::zeros(x.nrows(), self.rows());
        for (row, mut y) in y.column_iter_mut().enumerate() {
            for &(column, value) in self.row(row) {
                y.axpy(f64::from(value), &x.column(column as usize), 1.0);
            }
        }
        y
    }

    /// `Y^T = (A^T X)^T` for `X^T`, a column for each row of `X`.
    pub(super) fn multiply_transposed(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        let mut y = DMatrix::zeros(x.nrows(), self.columns);
        for (row, x) in x.column_iter().enumerate() {
            for &(column, value) in self.row(row) {
                y.column_mut(column as usize).axpy(f64::from(value), &x, 1.0);
            }
        }
        y
    }
}
