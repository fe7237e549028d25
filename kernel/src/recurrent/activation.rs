//! The two functions that gates are made of.
//!
//! In `f32` the logistic function is made of the hyperbolic tangent, a quotient of two short
//! polynomials that takes less time than an exponential. In `f64` both are those of [`math`].

use crate::{Real, dispatch::Elementary, dispatch::Isa, math};

/// The hyperbolic tangent.
#[inline(always)]
pub fn tanh<T: Real, I: Isa>(x: T) -> T {
    <T as Elementary>::tanh::<I>(x)
}

/// The logistic function `1 / (1 + e^-x) = (1 + tanh(x / 2)) / 2`.
#[inline(always)]
pub fn sigmoid<T: Real, I: Isa>(x: T) -> T {
    if size_of::<T>() > 4 {
        return math::sigmoid(x);
    }
    let half = T::of(0.5);
    half * tanh::<T, I>(half * x) + half
}
