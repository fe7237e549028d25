//! The Gaussian error linear unit (Hendrycks and Gimpel, 2016), approximated by a hyperbolic tangent.
//!
//! ```text
//! forward   y = x s                     with s = (1 + tanh u) / 2 = 1 / (1 + e^-2u)
//! backward  dx = dy s (1 + 2 x r u')    and  u = sqrt(2 / pi) (x + 0.044715 x^3),  r = 1 - s
//! ```
//!
//! It falls and rises, so `y` does not tell `x`, which is kept. With the logistic function nothing
//! cancels far below zero.

use super::{Activation, clamp};
use crate::kernel::{Real, math};
use crate::layer::Nonlinearity;
use core::f64::consts::{FRAC_2_SQRT_PI, SQRT_2};

crate::layer! {
    /// The Gaussian error linear unit as approximated by a hyperbolic tangent:
    /// `y = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2`.
    ///
    /// What was trained with it (GPT-2, BERT: PyTorch's `approximate='tanh'`) goes on with it;
    /// [`Gelu`](super::Gelu) is the exact form.
    pub struct GeluTanh;
}

/// `2 sqrt(2 / pi)`
const FACTOR: f64 = SQRT_2 * FRAC_2_SQRT_PI;
/// Of the cube.
const CUBIC: f64 = 0.044715;
/// From here on, nothing is missing of 0 or of `x`.
const END: f64 = 20.0;

/// `2 u`
#[inline(always)]
fn argument<T: Real>(x: T) -> T {
    T::of(FACTOR) * x * (T::ONE + T::of(CUBIC) * x * x)
}

crate::activation!(GeluTanh);

impl Activation for GeluTanh {
    const NONLINEARITY: Nonlinearity = Nonlinearity::Rectifier(0.0);
    const IN_PLACE: bool = false;

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        let x = if x < T::of(-END) { T::of(-END) } else { x };
        x * math::sigmoid(argument(x))
    }

    #[inline(always)]
    fn derivative<T: Real>(x: T) -> T {
        let x = clamp(x, -END, END);
        let (s, rest) = (math::sigmoid(argument(x)), math::sigmoid(-argument(x)));
        let slope = T::of(FACTOR) * (T::ONE + T::of(3.0 * CUBIC) * x * x);
        s * (T::ONE + x * rest * slope)
    }
}
