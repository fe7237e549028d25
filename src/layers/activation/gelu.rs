//! The Gaussian error linear unit (Hendrycks and Gimpel, 2016), in its exact form.
//!
//! ```text
//! forward   y = x P(x)                    with P(x) = (1 + erf(x / sqrt 2)) / 2
//! backward  dx = dy (P(x) + x p(x))       and  p(x) = e^(-x^2 / 2) / sqrt(2 pi)
//! ```
//!
//! It falls and rises, so `y` does not tell `x`, which is kept.

use super::Activation;
use crate::kernel::{Real, math};
use crate::layer::Nonlinearity;
use core::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

crate::layer! {
    /// The Gaussian error linear unit: `y = x P(x)` with the normal distribution function
    /// `P(x) = (1 + erf(x / sqrt 2)) / 2`.
    ///
    /// This is the exact form, not the approximation by `tanh`.
    pub struct Gelu;
}

/// The normal distribution function.
#[inline(always)]
fn distribution<T: Real>(x: T) -> T {
    T::of(0.5) + T::of(0.5) * math::erf(x * T::of(FRAC_1_SQRT_2))
}

/// The normal density.
#[inline(always)]
fn density<T: Real>(x: T) -> T {
    T::of(FRAC_1_SQRT_2 * FRAC_2_SQRT_PI / 2.0) * math::exp(T::of(-0.5) * x * x)
}

crate::activation!(Gelu);

impl Activation for Gelu {
    const NONLINEARITY: Nonlinearity = Nonlinearity::Rectifier(0.0);
    const IN_PLACE: bool = false;

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        x * distribution(x)
    }

    #[inline(always)]
    fn derivative<T: Real>(x: T) -> T {
        distribution(x) + x * density(x)
    }
}
