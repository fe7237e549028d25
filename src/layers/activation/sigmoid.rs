//! The logistic function.
//!
//! ```text
//! forward   y = 1 / (1 + e^-x)
//! backward  dx = dy y (1 - y)
//! ```

use super::Activation;
use crate::kernel::{Real, math};
use crate::layer::Nonlinearity;

crate::layer! {
    /// The logistic function: `y = 1 / (1 + e^-x)`.
    pub struct Sigmoid;
}

crate::activation!(Sigmoid);

impl Activation for Sigmoid {
    const NONLINEARITY: Nonlinearity = Nonlinearity::Saturating;

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        math::sigmoid(x)
    }

    #[inline(always)]
    fn derivative<T: Real>(y: T) -> T {
        y * (T::ONE - y)
    }
}
