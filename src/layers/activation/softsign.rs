//! The softsign (Elliott, 1993).
//!
//! ```text
//! forward   y = x / (1 + |x|)
//! backward  dx = dy / (1 + |x|)^2
//! ```
//!
//! The derivative is also `(1 - |y|)^2`, but far from zero little would be left of it: `x` is kept.

use super::Activation;
use crate::kernel::Real;
use crate::layer::Nonlinearity;

crate::layer! {
    /// The softsign: `y = x / (1 + |x|)`.
    pub struct Softsign;
}

crate::activation!(Softsign);

impl Activation for Softsign {
    const NONLINEARITY: Nonlinearity = Nonlinearity::Saturating;
    const IN_PLACE: bool = false;

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        // As far out as this nothing but the sign is left, also of what is infinite.
        let far = T::of(1e30);
        let x = if x > far { far } else { x };
        let x = if x < -far { -far } else { x };
        x / (T::ONE + x.abs())
    }

    #[inline(always)]
    fn derivative<T: Real>(x: T) -> T {
        let share = T::ONE / (T::ONE + x.abs());
        share * share
    }
}
