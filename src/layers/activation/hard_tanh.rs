//! A hyperbolic tangent of straight lines, or numbers held between two bounds.
//!
//! ```text
//! forward   y = min(max(x, low), high)
//! backward  dx = dy where low < y < high, else 0
//! ```

use super::{Activation, clamp, inside};
use crate::kernel::Real;
use crate::layer::{Nonlinearity, Value};
use crate::shape::Check;

crate::layer! {
    /// Numbers held between two bounds: `y = x`, but at least `low` and at most `high`.
    ///
    /// `HardTanh`, between -1 and 1, or `HardTanh(-2.0, 0.5)`.
    pub struct HardTanh((f64, f64));
}

impl<V: Value<(f64, f64)>> HardTanh<V> {
    const BOUNDS: (f64, f64) = match V::VALUE {
        Some(bounds) => bounds,
        None => (-1.0, 1.0),
    };
}

crate::activation!(HardTanh<V: Value<(f64, f64)>>);

impl<V: Value<(f64, f64)> + 'static> Activation for HardTanh<V> {
    const CHECK: Check = Check::require(
        Self::BOUNDS.0 < Self::BOUNDS.1,
        "HardTanh(low, high) takes a lower bound and one above it, but is given ({})",
    )
    .text(V::TEXT);
    const NONLINEARITY: Nonlinearity = Nonlinearity::Saturating;

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        clamp(x, Self::BOUNDS.0, Self::BOUNDS.1)
    }

    #[inline(always)]
    fn derivative<T: Real>(y: T) -> T {
        inside(y, Self::BOUNDS.0, Self::BOUNDS.1)
    }
}
