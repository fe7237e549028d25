//! The smooth rectifier (Dugas et al., 2001).
//!
//! ```text
//! forward   y = ln(1 + e^x)
//! backward  dx = dy (1 - e^-y)
//! ```

use super::Activation;
use crate::kernel::{Real, math};
use crate::layer::Nonlinearity;

crate::layer! {
    /// The smooth rectifier: `y = ln(1 + e^x)`.
    pub struct Softplus;
}

crate::activation!(Softplus);

impl Activation for Softplus {
    const NONLINEARITY: Nonlinearity = Nonlinearity::Rectifier(0.0);

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        math::softplus(x)
    }

    #[inline(always)]
    fn derivative<T: Real>(y: T) -> T {
        // 1 - e^-y = 2 t / (1 + t) with t = tanh(y / 2), which does not cancel near zero.
        let t = math::tanh(T::of(0.5) * y);
        T::of(2.0) * t / (T::ONE + t)
    }
}
