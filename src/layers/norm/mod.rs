//! Normalisation: mean and variance are those of the numbers that come in, and what is learned.

mod batch_norm;
mod group_norm;
mod layer_norm;

pub use batch_norm::{BatchNorm, BatchNormParams, BatchNormStats, BatchNormTape};
pub use group_norm::{GroupNorm, GroupNormParams, GroupNormTape};
pub use layer_norm::{LayerNorm, LayerNormParams, LayerNormTape};

use crate::kernel::Real;

/// Mean and biased variance of `count` values from the sums of `d = x - c` and of `d^2`, where `c` is
/// about their mean: the corrected two-pass algorithm of Chan, Golub and LeVeque (1983). It mends
/// the rounding of `c`, so that nothing is left of equal values.
fn moments<T: Real>(c: T, [sum, squares]: [T; 2], count: usize) -> [T; 2] {
    let n = T::of(count as f64);
    let off = sum / n;
    let var = squares / n - off * off;
    // A rounding error below zero, but a NaN stays one.
    [c + off, if var < T::ZERO { T::ZERO } else { var }]
}

/// What is summed up of a value `x` about `c` for its moments.
#[inline(always)]
fn deviations<T: Real>(x: T, _: T, c: T) -> [T; 2] {
    [x - c, (x - c) * (x - c)]
}

/// What is summed up of a value and its gradient.
#[inline(always)]
fn gradients<T: Real>(x: T, dy: T, mean: T) -> [T; 2] {
    [dy, dy * (x - mean)]
}
