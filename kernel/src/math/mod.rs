//! Elementary functions that vectorise.
//!
//! In `f32` each is straight-line code without branches, tables or calls, so a loop over a slice
//! (see [`elementwise`](super::elementwise)) becomes vector code. Nothing is fused, so they give
//! the same bits on every CPU; a [`Kernel`](super::dispatch::Kernel) whose loop waits for one
//! result after the other gets them sooner, fused, from its [token](super::dispatch::Isa). In
//! `f64` they are the functions of the C library, for gradient checks.
//!
//! The stated errors hold for `f32`, fused or not; a test walks a dense grid.
//!
//! | function | largest error |
//! |---|---|
//! | [`exp`] | 2 units in the last place |
//! | [`ln`] | 2 units in the last place |
//! | [`tanh`] | 6 units in the last place |
//! | [`sigmoid`] | 4 units in the last place |
//! | [`erf`] | 8 units in the last place |
//! | [`softplus`] | 4 units in the last place |

pub(super) mod single;

use super::{
    dispatch::{Elementary, Isa, Portable},
    scalar::Scalar,
};
use simba::scalar::ComplexField;

macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        #[must_use]
        pub fn $name<T: Scalar>(x: T) -> T {
            <T as Elementary>::$name::<Portable>(x)
        }
    )*};
}

functions! {
    /// `e^x`.
    exp
    /// The natural logarithm; `-inf` at 0 and not a number below.
    ln
    /// The hyperbolic tangent.
    tanh
    /// The logistic function `1 / (1 + e^-x)`.
    sigmoid
    /// The error function `2/sqrt(pi)` times the integral of `e^(-t^2)` from 0 to `x`.
    erf
    /// `ln(1 + e^x)`, the smooth form of ReLU.
    softplus
    /// The square root, rounded correctly; an instruction also without the feature `std` on a
    /// microcontroller that has it.
    sqrt
}

impl Elementary for f64 {
    #[inline(always)]
    fn exp<I: Isa>(x: f64) -> f64 {
        ComplexField::exp(x)
    }
    #[inline(always)]
    fn ln<I: Isa>(x: f64) -> f64 {
        ComplexField::ln(x)
    }
    #[inline(always)]
    fn tanh<I: Isa>(x: f64) -> f64 {
        ComplexField::tanh(x)
    }
    #[inline(always)]
    fn sigmoid<I: Isa>(x: f64) -> f64 {
        1.0 / (1.0 + ComplexField::exp(-x))
    }
    /// Below 2.5 the series `2/sqrt(pi) e^(-x^2) (x + 2/3 x^3 + 4/15 x^5 + ..)`, whose terms are
    /// all of one sign; above, the continued fraction of the complement (Abramowitz and Stegun,
    /// formulas 7.1.6 and 7.1.14).
    fn erf<I: Isa>(x: f64) -> f64 {
        let a = x.abs();
        let bell = ComplexField::exp(-x * x) * core::f64::consts::FRAC_2_SQRT_PI;
        let y = if a < 2.5 {
            let (mut term, mut sum) = (a, a);
            for n in 1..80 {
                term *= 2.0 * x * x / f64::from(2 * n + 1);
                sum += term;
            }
            bell * sum
        } else if a < 6.0 {
            let fraction = (1..=80).rev().fold(0.0, |tail, n| f64::from(n) / 2.0 / (a + tail));
            1.0 - bell / 2.0 / (a + fraction)
        } else if a >= 6.0 {
            1.0
        } else {
            a // not a number
        };
        y.copysign(x)
    }
    #[inline(always)]
    fn sqrt<I: Isa>(x: f64) -> f64 {
        ComplexField::sqrt(x)
    }
    #[inline(always)]
    fn softplus<I: Isa>(x: f64) -> f64 {
        ComplexField::ln_1p(ComplexField::exp(-x.abs())) + if x < 0.0 { 0.0 } else { x }
    }
}
