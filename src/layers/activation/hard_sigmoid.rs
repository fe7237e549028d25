//! A logistic function of straight lines (Courbariaux et al., 2015), with the slope of PyTorch.
//!
//! ```text
//! forward   y = min(max(x / 6 + 1/2, 0), 1)
//! backward  dx = dy / 6 where 0 < y < 1, else 0
//! ```

use super::Activation;
use crate::kernel::Real;
use crate::layer::Nonlinearity;

crate::layer! {
    /// A logistic function of straight lines: `y = x / 6 + 1/2`, but at least 0 and at most 1.
    pub struct HardSigmoid;
}

crate::activation!(HardSigmoid);

impl Activation for HardSigmoid {
    const NONLINEARITY: Nonlinearity = Nonlinearity::Saturating;

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        let y = x * T::of(1.0 / 6.0) + T::of(0.5);
        let y = if y < T::ZERO { T::ZERO } else { y };
        if y > T::ONE { T::ONE } else { y }
    }

    #[inline(always)]
    fn derivative<T: Real>(y: T) -> T {
        let slope = if y > T::ZERO { T::of(1.0 / 6.0) } else { T::ZERO };
        if y < T::ONE { slope } else { T::ZERO }
    }
}
