//! Losses of the steps of sequences of different lengths.

use crate::data::Batch;
use crate::kernel::Real;
use crate::layer::Lanes;
use crate::loss::{Loss, OutputMatrix, OutputMatrixMut};
use crate::shape::{Elements, Sample};
use alloc::vec;
use alloc::vec::Vec;
use nalgebra::{DimName, Dyn, MatrixView, MatrixViewMut};

/// The loss of those outputs that are steps of a lane; its gradient by the others is zero.
///
/// Where their targets are to be ignored, the loss does this by itself. Otherwise it is given copies.
#[track_caller]
pub(super) fn loss<L: Loss<Outputs>, Outputs: DimName, T: Real>(
    loss: &L,
    lanes: Lanes<'_>,
    outputs: OutputMatrix<'_, T, Outputs>,
    targets: &Batch<L::Target, T>,
    mut gradient: OutputMatrixMut<'_, T, Outputs>,
) -> T {
    let columns = outputs.ncols();
    let ignores = |column: usize| match targets.elements() {
        Elements::Ids(ids) => ids.get(column).copied() == L::Target::EXEMPT,
        Elements::Numbers(_) => false,
    };
    if targets.columns() != columns || (0..columns).all(|i| lanes.has(i) || ignores(i)) {
        return loss.evaluate(outputs, targets, Some(gradient));
    }
    let steps: Vec<usize> = (0..columns).filter(|&column| lanes.has(column)).collect();
    let mut answers = Batch::with_capacity(steps.len());
    answers.gather(targets, &steps);
    let mut values = Vec::with_capacity(steps.len() * Outputs::DIM);
    for &step in &steps {
        values.extend_from_slice(&outputs.as_slice()[step * Outputs::DIM..][..Outputs::DIM]);
    }
    let mut by_steps = vec![T::ZERO; values.len()];
    let (rows, count) = (Outputs::name(), Dyn(steps.len()));
    let value = loss.evaluate(
        MatrixView::from_slice_generic(&values, rows, count),
        &answers,
        Some(MatrixViewMut::from_slice_generic(&mut by_steps, rows, count)),
    );
    gradient.fill(T::ZERO);
    for (&step, from) in steps.iter().zip(by_steps.chunks_exact(Outputs::DIM)) {
        gradient.as_mut_slice()[step * Outputs::DIM..][..Outputs::DIM].copy_from_slice(from);
    }
    value
}
