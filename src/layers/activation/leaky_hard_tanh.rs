//! A hyperbolic tangent of straight lines that goes on rising outside of its bounds, as in models of
//! amplifiers.
//!
//! ```text
//! forward   y = low + below (x - low)      where x < low
//!           y = high + above (x - high)    where x > high
//!           y = x                          elsewhere
//! backward  dx = below dy where y <= low, above dy where y >= high, else dy
//! ```

use super::Activation;
use crate::kernel::Real;
use crate::layer::{Nonlinearity, Value};
use crate::shape::Check;

crate::layer! {
    /// Numbers that rise less outside of two bounds: `y = x` between `low` and `high`, with a slope of
    /// `below` under the one and of `above` over the other.
    ///
    /// `LeakyHardTanh`, between -1 and 1 with slopes of 0.01, or `LeakyHardTanh(-1.0, 1.0, 0.1, 0.2)`:
    /// both bounds, then both slopes. These are at least 0, so that `y` tells on which side `x` is.
    pub struct LeakyHardTanh((f64, f64, f64, f64));
}

impl<V: Value<(f64, f64, f64, f64)>> LeakyHardTanh<V> {
    /// Both bounds, and the slopes below and above.
    const VALUES: (f64, f64, f64, f64) = match V::VALUE {
        Some(values) => values,
        None => (-1.0, 1.0, 0.01, 0.01),
    };
}

crate::activation!(LeakyHardTanh<V: Value<(f64, f64, f64, f64)>>);

impl<V: Value<(f64, f64, f64, f64)> + 'static> Activation for LeakyHardTanh<V> {
    const CHECK: Check = {
        let (low, high, below, above) = Self::VALUES;
        let bounded = low < high && low.is_finite() && high.is_finite();
        Check::require(
            bounded,
            "LeakyHardTanh(low, high, below, above) takes a finite bound and one above it first, but \
             is given ({})",
        )
        .text(V::TEXT)
        .and(
            Check::require(
                0.0 <= below && below.is_finite() && 0.0 <= above && above.is_finite(),
                "the slopes of LeakyHardTanh(low, high, below, above) must be finite and at least 0, \
                 but it is given ({})",
            )
            .text(V::TEXT),
        )
    };
    const NONLINEARITY: Nonlinearity = Nonlinearity::Saturating;

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        let (low, high, below, above) = Self::VALUES;
        let y = if x < T::of(low) { T::of(below) * (x - T::of(low)) + T::of(low) } else { x };
        if x > T::of(high) { T::of(above) * (x - T::of(high)) + T::of(high) } else { y }
    }

    #[inline(always)]
    fn derivative<T: Real>(y: T) -> T {
        let (low, high, below, above) = Self::VALUES;
        let slope = if y <= T::of(low) { T::of(below) } else { T::ONE };
        if y >= T::of(high) { T::of(above) } else { slope }
    }
}
