//! The losses: against differences, against PyTorch (`tests/reference/loss.py`), and at the edges.

mod edges;
mod gradient;
mod reference;
mod threads;

use formwork::data::{Batch, Classes, IGNORED, Values};
use formwork::kernel::Real;
use formwork::loss::{OutputMatrix, OutputMatrixMut};
use nalgebra::{Const, Dyn, MatrixView, MatrixViewMut};
use rand::{RngExt, SeedableRng};

/// Numbers as columns of `N`.
fn view<const N: usize, T: Real>(x: &[T]) -> OutputMatrix<'_, T, Const<N>> {
    MatrixView::from_slice_generic(x, Const, Dyn(x.len() / N))
}

/// As [`view`], to be written.
fn view_mut<const N: usize, T: Real>(x: &mut [T]) -> OutputMatrixMut<'_, T, Const<N>> {
    let columns = Dyn(x.len() / N);
    MatrixViewMut::from_slice_generic(x, Const, columns)
}

/// `len` numbers between `low` and `high` that depend on the seed.
fn numbers<T: Real>(len: usize, low: f64, high: f64, seed: u64) -> Vec<T> {
    let mut rng = formwork::Generator::seed_from_u64(seed);
    (0..len).map(|_| T::of(rng.random_range(low..high))).collect()
}

/// Random ids for `columns` columns, about one in eight of them ignored.
fn classes<const N: usize, T: Real>(columns: usize, seed: u64) -> Batch<Classes<N>, T> {
    let mut rng = formwork::Generator::seed_from_u64(seed);
    let mut id = || if rng.random_bool(0.125) { IGNORED } else { rng.random_range(0..N as u32) };
    Batch::from_vec((0..columns).map(|_| id()).collect()).expect("ids below N, or ignored")
}

/// Random distributions for `columns` columns.
fn distributions<const N: usize, T: Real>(columns: usize, seed: u64) -> Batch<Values<N>, T> {
    let mut rng = formwork::Generator::seed_from_u64(seed);
    let mut batch = Batch::new();
    for _ in 0..columns {
        let weights: Vec<f64> = (0..N).map(|_| rng.random_range(0.0..1.0)).collect();
        let sum: f64 = weights.iter().sum();
        let shares: Vec<T> = weights.iter().map(|weight| T::of(weight / sum)).collect();
        batch.push(&shares).expect("N numbers");
    }
    batch
}
