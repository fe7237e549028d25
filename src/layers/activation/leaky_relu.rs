//! The leaky rectifier (Maas et al., 2013).
//!
//! ```text
//! forward   y = x where x > 0, else slope x
//! backward  dx = dy where y > 0, else slope dy
//! ```

use super::{Activation, value};
use crate::kernel::Real;
use crate::kernel::time::Function;
use crate::layer::{Nonlinearity, Value};
use crate::shape::Check;

crate::layer! {
    /// The leaky rectifier: `y = x` where `x > 0`, else `slope x`.
    ///
    /// `LeakyRelu`, with a slope of 0.01, or `LeakyRelu(0.2)`. The slope is at least 0, so that
    /// `y` has the sign of `x`.
    pub struct LeakyRelu(f64);
}

impl<V: Value<f64>> LeakyRelu<V> {
    const SLOPE: f64 = value::<V>(0.01);
}

crate::activation!(LeakyRelu<V: Value<f64>>);

impl<V: Value<f64> + 'static> Activation for LeakyRelu<V> {
    const CHECK: Check = Check::require(
        0.0 <= Self::SLOPE && Self::SLOPE.is_finite(),
        "the slope of LeakyRelu must be finite and at least 0, but is {}",
    )
    .text(V::TEXT);
    const NONLINEARITY: Nonlinearity = Nonlinearity::Rectifier(Self::SLOPE);
    const FUNCTION: Option<Function> =
        if Self::SLOPE <= 1.0 { Some(Function::Rectifier(Self::SLOPE)) } else { None };

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        if x > T::ZERO { x } else { T::of(Self::SLOPE) * x }
    }

    #[inline(always)]
    fn derivative<T: Real>(y: T) -> T {
        if y > T::ZERO { T::ONE } else { T::of(Self::SLOPE) }
    }
}
