//! Updates by gradients that are zero in most rows of a matrix, as those of embeddings are.

use alloc::vec;
use alloc::vec::Vec;

use super::Optimizer;
use crate::kernel::Real;

/// Some rows of a matrix: those in which a gradient may be other than zero.
///
/// ```
/// use formwork::optim::Rows;
///
/// let mut rows = Rows::new(10);
/// rows.set(&[7, 2, 7]);
/// assert_eq!(rows.ids(), [2, 7]);
/// ```
#[derive(Clone, Debug)]
pub struct Rows {
    ids: Vec<u32>,
    contained: Vec<bool>,
}

impl Rows {
    /// None of the rows of a matrix of `count`.
    pub fn new(count: usize) -> Self {
        Self { ids: Vec::with_capacity(count), contained: vec![false; count] }
    }

    /// Takes these rows instead of those before, each once. Allocates nothing.
    ///
    /// # Panics
    /// If the matrix has no such row.
    pub fn set(&mut self, ids: &[u32]) {
        self.clear();
        self.insert(ids.iter().copied());
    }

    /// Takes these rows as well. Allocates nothing.
    ///
    /// # Panics
    /// If the matrix has no such row.
    pub fn insert(&mut self, ids: impl IntoIterator<Item = u32>) {
        for id in ids {
            let contained = &mut self.contained[id as usize];
            if !*contained {
                *contained = true;
                self.ids.push(id);
            }
        }
        self.ids.sort_unstable();
    }

    /// Takes no rows.
    pub fn clear(&mut self) {
        for id in self.ids.drain(..) {
            self.contained[id as usize] = false;
        }
    }

    /// The rows in ascending order.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// How many rows the matrix has.
    pub fn count(&self) -> usize {
        self.contained.len()
    }

    /// For each row, whether it is one of these.
    pub(super) fn contained(&self) -> &[bool] {
        &self.contained
    }

    /// The scalars of a row of `matrix`.
    ///
    /// # Panics
    /// If it has not as many rows as this is for.
    #[track_caller]
    pub(super) fn width<T>(&self, matrix: &[T]) -> usize {
        let (len, count) = (matrix.len(), self.count());
        assert!(count > 0 && len.is_multiple_of(count), "{len} parameters in {count} rows");
        len / count
    }
}

/// An optimiser that can make use of a gradient being zero in most rows of a matrix.
///
/// What it makes of that differs, and is the caller's choice, as long as there is no weight decay,
/// which moves all rows:
///
/// | optimiser | rows that are not named |
/// |---|---|
/// | [`Sgd`](super::Sgd) | stay as they are, which is what [`step`](Optimizer::step) does: exact |
/// | [`SparseAdam`](super::SparseAdam) | stay as they are, moments included: another rule, in time for the named rows only |
/// | [`Adam`](super::Adam) and all others | go on by what is remembered for them, as with [`step`](Optimizer::step): exact, and takes time for all rows |
///
/// ```
/// use formwork::optim::{Rows, RowOptimizer, Sgd};
///
/// // A matrix of three rows, and a gradient by the second.
/// let mut weights = [1.0_f32, 1.0, 2.0, 2.0, 3.0, 3.0];
/// let mut rows = Rows::new(3);
/// rows.set(&[1]);
/// Sgd::new(0.5).step_rows(&mut weights, &[0.0, 0.0, 1.0, 2.0, 0.0, 0.0], &rows);
/// assert_eq!(weights, [1.0, 1.0, 1.5, 1.0, 3.0, 3.0]);
/// ```
pub trait RowOptimizer<T: Real>: Optimizer<T> {
    /// Updates the matrix `params` by its `gradient`, which is zero but in `rows`.
    ///
    /// # Panics
    /// If `params` and `gradient` differ in length, their length is not that of the step before, or
    /// they do not have as many rows as `rows` is for; or if the optimiser has [groups](super::Groups).
    fn step_rows(&mut self, params: &mut [T], gradient: &[T], rows: &Rows);
}
