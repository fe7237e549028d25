//! Updates by gradients that are zero in most rows of a matrix, as those of embeddings are.

use alloc::vec;
use alloc::vec::Vec;

use super::{Optimizer, Sgd};
use crate::kernel::{
    Real,
    dispatch::{Isa, Kernel, dispatch},
    elementwise, parallel,
};

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

    /// The scalars of a row of `matrix`.
    ///
    /// # Panics
    /// If it has not as many rows as this is for.
    #[track_caller]
    fn width<T>(&self, matrix: &[T]) -> usize {
        let (len, count) = (matrix.len(), self.count());
        assert!(count > 0 && len.is_multiple_of(count), "{len} parameters in {count} rows");
        len / count
    }
}

/// An optimiser that can make use of a gradient being zero in most rows of a matrix.
///
/// What it makes of that differs, and is the caller's choice:
///
/// | optimiser | rows that are not named |
/// |---|---|
/// | [`Sgd`] | stay as they are, which is what [`step`](Optimizer::step) does: exact |
/// | [`Adam`](super::Adam) | go on by their moments, as with [`step`](Optimizer::step): exact, and takes time for all rows |
/// | [`SparseAdam`](super::SparseAdam) | stay as they are, moments included: another rule, in time for the named rows only |
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
    /// they do not have as many rows as `rows` is for.
    fn step_rows(&mut self, params: &mut [T], gradient: &[T], rows: &Rows);
}

impl<T: Real> RowOptimizer<T> for Sgd<T> {
    #[track_caller]
    fn step_rows(&mut self, params: &mut [T], gradient: &[T], rows: &Rows) {
        if self.decays() {
            return self.step(params, gradient);
        }
        let width = rows.width(params);
        let [] = self.state_mut().begin(params, gradient);
        let lr = T::of(self.learning_rate());
        for &row in rows.ids() {
            let at = row as usize * width;
            let (p, g) = (&mut params[at..at + width], &gradient[at..at + width]);
            elementwise::update(p, g, |p, g| *p -= lr * g);
        }
    }
}

/// The update `f(p, m, v, g)` of the named rows alone.
pub(super) fn update_named<T: Real>(
    [p, m, v]: [&mut [T]; 3],
    gradient: &[T],
    rows: &Rows,
    f: impl Fn(&mut T, &mut T, &mut T, T) + Sync,
) {
    let width = rows.width(p);
    for &row in rows.ids() {
        let row = row as usize * width..(row as usize + 1) * width;
        let [p, m, v] = [&mut *p, &mut *m, &mut *v].map(|x| &mut x[row.clone()]);
        elementwise::update3(p, m, v, &gradient[row], &f);
    }
}

/// The update `f(p, m, v, g)` of all rows, with a `g` of zero for those that are not named; their
/// gradient is not read, which saves memory bandwidth.
pub(super) fn update_all<T: Real>(
    [p, m, v]: [&mut [T]; 3],
    gradient: &[T],
    rows: &Rows,
    f: impl Fn(&mut T, &mut T, &mut T, T) + Sync,
) {
    let width = rows.width(p);
    let pieces = p.len().div_ceil(PIECE).min(rows.count());
    let matrices = Matrices { p, m, v, gradient, named: &rows.contained, width, f: &f };
    matrices.update(if parallel::threads() > 1 { pieces } else { 1 });
}

/// Scalars that one thread takes at a time.
const PIECE: usize = 1 << 15;

/// Some rows of the parameters, of what is remembered of them, and of the gradient.
struct Matrices<'a, T, F> {
    p: &'a mut [T],
    m: &'a mut [T],
    v: &'a mut [T],
    gradient: &'a [T],
    /// Which rows are named.
    named: &'a [bool],
    width: usize,
    f: &'a F,
}

impl<T: Real, F: Fn(&mut T, &mut T, &mut T, T) + Sync> Matrices<'_, T, F> {
    /// Updates the rows, shared among threads in as many pieces.
    fn update(self, pieces: usize) {
        if pieces <= 1 {
            return dispatch(self);
        }
        let (left, named) = (pieces / 2, self.named.len());
        let rows = named * left / pieces;
        let at = rows * self.width;
        let (p, m, v) = (self.p.split_at_mut(at), self.m.split_at_mut(at), self.v.split_at_mut(at));
        let (gradient, named) = (self.gradient.split_at(at), self.named.split_at(rows));
        let (width, f) = (self.width, self.f);
        let ((g0, g1), (named0, named1)) = (gradient, named);
        let first = Matrices { p: p.0, m: m.0, v: v.0, gradient: g0, named: named0, width, f };
        let second = Matrices { p: p.1, m: m.1, v: v.1, gradient: g1, named: named1, width, f };
        parallel::both(|| first.update(left), || second.update(pieces - left));
    }
}

impl<T: Real, F: Fn(&mut T, &mut T, &mut T, T)> Kernel for Matrices<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { p, m, v, gradient, named, width, f } = self;
        let rows = p.chunks_exact_mut(width).zip(m.chunks_exact_mut(width));
        let rows = rows.zip(v.chunks_exact_mut(width)).zip(gradient.chunks_exact(width));
        for ((((p, m), v), g), &named) in rows.zip(named) {
            if named {
                update_row(p, m, v, |i| g[i], f);
            } else {
                update_row(p, m, v, |_| T::ZERO, f);
            }
        }
    }
}

#[inline(always)]
fn update_row<T: Real>(
    p: &mut [T],
    m: &mut [T],
    v: &mut [T],
    g: impl Fn(usize) -> T,
    f: &impl Fn(&mut T, &mut T, &mut T, T),
) {
    let n = p.len();
    // Equal lengths in plain sight drop the bounds checks.
    let (m, v) = (&mut m[..n], &mut v[..n]);
    for i in 0..n {
        f(&mut p[i], &mut m[i], &mut v[i], g(i));
    }
}
