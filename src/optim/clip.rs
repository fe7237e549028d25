//! Gradient clipping, against the occasional enormous gradient.
//!
//! # Example
//! ```
//! use formwork::optim::clip;
//!
//! let mut gradient = [3.0_f32, 4.0];
//! let norm = clip::by_norm(&mut gradient, 1.0)?;
//! assert_eq!(norm, 5.0);
//! assert!((gradient[0] - 0.6).abs() < 1e-6 && (gradient[1] - 0.8).abs() < 1e-6);
//! # Ok::<(), clip::NonFiniteNorm>(())
//! ```
//! The same without a pass of its own over the gradient, by way of the optimiser:
//! ```
//! use formwork::optim::{Optimizer, Sgd, clip};
//!
//! let (mut params, gradient) = ([1.0_f32, 1.0], [3.0_f32, 4.0]);
//! let mut sgd = Sgd::new(0.1);
//! let norm = clip::norm(&gradient)?;
//! sgd.step_scaled(&mut params, &gradient, clip::factor(norm, 1.0));
//! assert!((params[0] - 0.94).abs() < 1e-6 && (params[1] - 0.92).abs() < 1e-6);
//! # Ok::<(), clip::NonFiniteNorm>(())
//! ```

use core::fmt;

use super::hyper;
use crate::kernel::{
    Real,
    dispatch::{Isa, Kernel, dispatch},
    elementwise, parallel,
};

/// Scales the gradient down to the Euclidean norm `max_norm` if its norm is above that, as
/// PyTorch's `clip_grad_norm_`, and returns the norm that it had.
///
/// # Errors
/// If the norm is not finite; the gradient is then left as it is.
///
/// # Panics
/// If `max_norm` is negative or not finite.
#[track_caller]
pub fn by_norm<T: Real>(gradient: &mut [T], max_norm: f64) -> Result<f64, NonFiniteNorm> {
    hyper::not_negative(max_norm, "the largest norm of the gradient");
    let norm = norm(gradient)?;
    let factor = factor(norm, max_norm);
    if factor < 1.0 {
        elementwise::scale(gradient, T::of(factor));
    }
    Ok(norm)
}

/// Brings every value of the gradient into `[-limit, limit]`. NaN remains NaN.
///
/// # Panics
/// If `limit` is negative or not finite.
#[track_caller]
pub fn by_value<T: Real>(gradient: &mut [T], limit: f64) {
    let limit = T::of(hyper::not_negative(limit, "the largest value of the gradient"));
    elementwise::map(gradient, |g: T| {
        if g > limit {
            limit
        } else if g < -limit {
            -limit
        } else {
            g
        }
    });
}

/// The Euclidean norm of the gradient, summed in `f64` in an order that depends on nothing but the
/// length.
///
/// # Errors
/// If the norm is not finite.
pub fn norm<T: Real>(gradient: &[T]) -> Result<f64, NonFiniteNorm> {
    let norm = nalgebra::ComplexField::sqrt(sum_of_squares(gradient));
    if norm.is_finite() {
        return Ok(norm);
    }
    let index = gradient.iter().position(|g| !g.to_f64().is_finite());
    Err(NonFiniteNorm { norm, index })
}

/// What a gradient of this norm is to be multiplied by, so that its norm is at most `max_norm`:
/// `min(1, max_norm / (norm + 1e-6))`, as in PyTorch.
pub fn factor(norm: f64, max_norm: f64) -> f64 {
    (max_norm / (norm + 1e-6)).min(1.0)
}

/// Values in a piece of the sum.
const PIECE: usize = 1 << 14;
/// About how many values a core gets through in a nanosecond.
const PER_NANOSECOND: usize = 4;

/// The sum of the squares, in `f64`: the square of no `f32` is too large for it.
fn sum_of_squares<T: Real>(values: &[T]) -> f64 {
    parallel::reduce(
        values.len(),
        PIECE,
        values.len() / PER_NANOSECOND,
        |range| dispatch(SumOfSquares(&values[range])),
        |left, right| left + right,
    )
}

struct SumOfSquares<'a, T>(&'a [T]);

impl<T: Real> Kernel for SumOfSquares<'_, T> {
    type Output = f64;

    /// In 32 interleaved sums, whatever the instruction set, so that there is one order.
    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> f64 {
        let mut sums = [0.0; 32];
        let (chunks, rest) = self.0.as_chunks::<32>();
        for chunk in chunks {
            for (sum, x) in sums.iter_mut().zip(chunk) {
                let x = x.to_f64();
                *sum += x * x;
            }
        }
        for (sum, x) in sums.iter_mut().zip(rest) {
            let x = x.to_f64();
            *sum += x * x;
        }
        sums.iter().sum()
    }
}

/// A gradient whose norm is infinite or not a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NonFiniteNorm {
    /// The norm.
    pub norm: f64,
    /// The first value of the gradient that is not finite; none if the values are all finite, but
    /// the sum of their squares is too large for an `f64`.
    pub index: Option<usize>,
}

impl fmt::Display for NonFiniteNorm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { norm, index } = self;
        write!(f, "the norm of the gradient is {norm}, expected a finite number")?;
        match index {
            Some(index) => write!(f, ": value {index} of the gradient is the first not finite"),
            None => write!(f, ": the sum of the squares overflows"),
        }
    }
}

impl core::error::Error for NonFiniteNorm {}
