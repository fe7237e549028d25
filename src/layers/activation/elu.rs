//! The exponential linear unit (Clevert et al., 2016).
//!
//! ```text
//! forward   y = x where x > 0, else alpha (e^x - 1)
//! backward  dx = dy where x > 0, else alpha e^x dy
//! ```
//!
//! The derivative is also `y + alpha`, but far below zero nothing would be left of it.

use super::{Activation, value};
use crate::kernel::{Real, math};
use crate::layer::{Nonlinearity, Value};
use crate::shape::Check;

crate::layer! {
    /// The exponential linear unit: `y = x` where `x > 0`, else `alpha (e^x - 1)`.
    ///
    /// `Elu`, with an alpha of 1, or `Elu(0.5)`. Alpha is at least 0, so that `y` has the sign of
    /// `x`.
    pub struct Elu(f64);
}

impl<V: Value<f64>> Elu<V> {
    const ALPHA: f64 = value::<V>(1.0);
}

crate::activation!(Elu<V: Value<f64>>);

impl<V: Value<f64> + 'static> Activation for Elu<V> {
    const CHECK: Check = Check::require(
        0.0 <= Self::ALPHA && Self::ALPHA.is_finite(),
        "the alpha of Elu must be finite and at least 0, but is {}",
    )
    .text(V::TEXT);
    const NONLINEARITY: Nonlinearity = Nonlinearity::Rectifier(0.0);
    const IN_PLACE: bool = false;

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        // e^x - 1 = 2 t / (1 - t) with t = tanh(x / 2), which does not cancel near zero.
        let t = math::tanh(T::of(0.5) * x);
        if x > T::ZERO { x } else { T::of(2.0 * Self::ALPHA) * t / (T::ONE - t) }
    }

    #[inline(always)]
    fn derivative<T: Real>(x: T) -> T {
        let below = T::of(Self::ALPHA) * math::exp(x);
        if x > T::ZERO { T::ONE } else { below }
    }
}
