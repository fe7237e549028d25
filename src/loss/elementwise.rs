//! What the losses share that treat every output by itself.

use super::pieces::Columns;
use crate::kernel::{Real, elementwise, reduce};

/// Outputs whose losses are summed in one go.
const TILE: usize = 1024;

/// The mean over all outputs of `loss(x, t)`, for an output `x` with a target `t`; and the
/// gradient, by the `derivative(x, t)` of the loss by `x`.
pub(super) fn mean<T: Real>(
    columns: Columns<'_, T, T>,
    loss: impl Fn(T, T) -> T + Copy + Sync,
    derivative: impl Fn(T, T) -> T + Copy + Sync,
) -> T {
    let cost = columns.outputs.len();
    let scale = T::ONE / T::of(cost.max(1) as f64);
    let total = columns.sum(1, cost, &|piece: Columns<'_, T, T>| {
        if let Some(gradient) = piece.gradient {
            let derivative = move |x, t| derivative(x, t) * scale;
            elementwise::zip_into(gradient, piece.outputs, piece.targets, derivative);
        }
        let mut losses = [T::ZERO; TILE];
        let mut total = T::ZERO;
        for (x, t) in piece.outputs.chunks(TILE).zip(piece.targets.chunks(TILE)) {
            let losses = &mut losses[..x.len()];
            elementwise::zip_into(losses, x, t, loss);
            total += reduce::sum(losses);
        }
        total
    });
    total * scale
}
