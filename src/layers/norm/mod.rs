//! Normalisation: mean and variance are those of the numbers that come in, and what is learned.

mod batch_norm;
mod group_norm;
mod layer_norm;
mod rms_norm;
mod sample;

pub use batch_norm::{BatchNorm, BatchNormParams, BatchNormStats, BatchNormTape};
pub use group_norm::{GroupNorm, GroupNormParams, GroupNormTape};
pub use layer_norm::{LayerNorm, LayerNormParams};
pub use rms_norm::{RmsNorm, RmsNormParams};
pub use sample::SampleTape;

use crate::kernel::{Real, math};
use crate::shape::Check;

/// What keeps a variance of zero from being divided by, unless given.
const EPS: f64 = 1e-5;

/// That what a layer adds to a variance keeps it from zero.
const fn adds(layer: &'static str, eps: f64, text: &'static str) -> Check {
    Check::require(
        0.0 < eps && eps.is_finite(),
        "what {} adds to a variance must be finite and above 0, but is {}",
    )
    .text(layer)
    .text(text)
}

/// `1 / sqrt(var + eps)`
#[inline(always)]
fn inverse_deviation<T: Real>(var: T, eps: f64) -> T {
    T::ONE / math::sqrt(var + T::of(eps))
}

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
