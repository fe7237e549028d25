//! The gated activation of WaveNet (van den Oord et al., 2016).
//!
//! ```text
//! forward   y = t s                      where x is a and b, halves of the channels;
//! backward  da = dy (1 - t^2) s          t = tanh a and s = 1 / (1 + e^-b)
//!           db = dy t s (1 - s)
//! ```

use super::gate::{self, Gate, Halved, gate, halves, sigmoid_and_derivative};
use crate::kernel::{Real, math};
use crate::layer::{Backward, Forward, Layer, Nonlinearity};
use crate::shape::{Check, Shape};

crate::layer! {
    /// WaveNet's gated activation: of the channels the hyperbolic tangent of the first half, each times
    /// the logistic function of its partner in the second half. Half as many come out.
    pub struct Gated;
}

gate!(Gated, 3);

impl Gate for Gated {
    #[inline(always)]
    fn function<T: Real>(a: T, b: T) -> T {
        math::tanh(a) * math::sigmoid(b)
    }

    #[inline(always)]
    fn derivatives<T: Real>(a: T, b: T) -> [T; 2] {
        let [s, slope] = sigmoid_and_derivative(b);
        // 1 - tanh^2 a, of which nothing cancels: four times the derivative of the logistic function.
        let [_, quarter] = sigmoid_and_derivative(a + a);
        [T::of(4.0) * quarter * s, math::tanh(a) * slope]
    }
}
