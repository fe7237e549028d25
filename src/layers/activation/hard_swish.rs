//! A swish of straight lines (Howard et al., 2019), as in MobileNetV3.
//!
//! ```text
//! forward   y = x h                         with h = min(max(x / 6 + 1/2, 0), 1)
//! backward  dx = dy (x / 3 + 1/2) where -3 < x < 3, dy h elsewhere
//! ```
//!
//! It falls and rises, so `y` does not tell `x`, which is kept.

use super::{Activation, clamp};
use crate::kernel::Real;
use crate::layer::Nonlinearity;

crate::layer! {
    /// A swish of straight lines: `y = x h` with `h = x / 6 + 1/2`, but at least 0 and at most 1.
    pub struct HardSwish;
}

crate::activation!(HardSwish);

impl Activation for HardSwish {
    const NONLINEARITY: Nonlinearity = Nonlinearity::Rectifier(0.0);
    const IN_PLACE: bool = false;

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        // From -3 down it is 0, also where x is infinite, of which the product would be no number.
        let x = if x < T::of(-3.0) { T::of(-3.0) } else { x };
        x * clamp(x * T::of(1.0 / 6.0) + T::of(0.5), 0.0, 1.0)
    }

    #[inline(always)]
    fn derivative<T: Real>(x: T) -> T {
        let slope = x * T::of(1.0 / 3.0) + T::of(0.5);
        let slope = if x <= T::of(-3.0) { T::ZERO } else { slope };
        if x >= T::of(3.0) { T::ONE } else { slope }
    }
}
