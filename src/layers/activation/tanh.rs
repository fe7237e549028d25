//! The hyperbolic tangent.
//!
//! ```text
//! forward   y = tanh x
//! backward  dx = dy (1 - y^2)
//! ```

use super::Activation;
use crate::kernel::time::Function;
use crate::kernel::{Real, math};
use crate::layer::Nonlinearity;

crate::layer! {
    /// The hyperbolic tangent: `y = tanh x`.
    pub struct Tanh;
}

crate::activation!(Tanh);

impl Activation for Tanh {
    const NONLINEARITY: Nonlinearity = Nonlinearity::Saturating;
    const FUNCTION: Option<Function> = Some(Function::Tanh);

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        math::tanh(x)
    }

    #[inline(always)]
    fn derivative<T: Real>(y: T) -> T {
        T::ONE - y * y
    }
}
