//! The rectifier.
//!
//! ```text
//! forward   y = max(x, 0)
//! backward  dx = dy where y > 0, else 0
//! ```

use super::Activation;
use crate::kernel::Real;
use crate::kernel::time::Function;
use crate::layer::Nonlinearity;

crate::layer! {
    /// The rectifier: `y = max(x, 0)`.
    pub struct Relu;
}

crate::activation!(Relu);

impl Activation for Relu {
    const NONLINEARITY: Nonlinearity = Nonlinearity::Rectifier(0.0);
    const IS_RECTIFIER: bool = true;
    const FUNCTION: Option<Function> = Some(Function::Rectifier(0.0));

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        // Written so that NaN stays NaN and is found out.
        if x < T::ZERO { T::ZERO } else { x }
    }

    #[inline(always)]
    fn derivative<T: Real>(y: T) -> T {
        if y > T::ZERO { T::ONE } else { T::ZERO }
    }
}
