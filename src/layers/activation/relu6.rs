//! The rectifier that saturates (Krizhevsky, 2010), as in MobileNet.
//!
//! ```text
//! forward   y = min(max(x, 0), 6)
//! backward  dx = dy where 0 < y < 6, else 0
//! ```

use super::{Activation, clamp, inside};
use crate::kernel::Real;
use crate::layer::Nonlinearity;

crate::layer! {
    /// The rectifier that ends at 6: `y = x`, but at least 0 and at most 6.
    pub struct Relu6;
}

crate::activation!(Relu6);

impl Activation for Relu6 {
    const NONLINEARITY: Nonlinearity = Nonlinearity::Rectifier(0.0);

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        clamp(x, 0.0, 6.0)
    }

    #[inline(always)]
    fn derivative<T: Real>(y: T) -> T {
        inside(y, 0.0, 6.0)
    }
}
