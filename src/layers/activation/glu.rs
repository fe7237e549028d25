//! The gated linear unit (Dauphin et al., 2017).
//!
//! ```text
//! forward   y = a s                where x is a and b, halves of the channels; s = 1 / (1 + e^-b)
//! backward  da = dy s    db = dy a s (1 - s)
//! ```

use super::gate::{self, Gate, Halved, gate, halves, sigmoid_and_derivative};
use crate::kernel::{Real, math};
use crate::layer::{Backward, Forward, Layer, Nonlinearity};
use crate::shape::{Check, Shape};

crate::layer! {
    /// The gated linear unit: of the channels the first half, each times the logistic function of its
    /// partner in the second half. Half as many come out.
    pub struct Glu;
}

gate!(Glu, 2);

impl Gate for Glu {
    #[inline(always)]
    fn function<T: Real>(a: T, b: T) -> T {
        a * math::sigmoid(b)
    }

    #[inline(always)]
    fn derivatives<T: Real>(a: T, b: T) -> [T; 2] {
        let [s, slope] = sigmoid_and_derivative(b);
        [s, a * slope]
    }
}
