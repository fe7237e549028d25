//! The sigmoid linear unit, or swish (Elfwing et al., 2018).
//!
//! ```text
//! forward   y = x s                  with s = 1 / (1 + e^-x)
//! backward  dx = dy s (1 + x (1 - s))
//! ```
//!
//! It falls and rises, so `y` does not tell `x`, which is kept.

use super::Activation;
use crate::kernel::{Real, math};
use crate::layer::Nonlinearity;

crate::layer! {
    /// The sigmoid linear unit: `y = x / (1 + e^-x)`.
    pub struct Silu;
}

crate::activation!(Silu);

impl Activation for Silu {
    const NONLINEARITY: Nonlinearity = Nonlinearity::Rectifier(0.0);
    const IN_PLACE: bool = false;

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        x * math::sigmoid(x)
    }

    #[inline(always)]
    fn derivative<T: Real>(x: T) -> T {
        let s = math::sigmoid(x);
        s * (T::ONE + x * (T::ONE - s))
    }
}
