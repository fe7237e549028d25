//! The leaky rectifier.

use super::{
    Negative, Reference, Small, Ten, agrees_with_pytorch, gradients_are_right, stays_not_a_number,
};
use formwork::layer::Layer;
use formwork::prelude::*;

network! { struct Steep: Vector<10> => Vector<10> { LeakyRelu(0.3) } }

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<LeakyRelu>(&PYTORCH);
    agrees_with_pytorch::<Steep>(&STEEP);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<LeakyRelu, Small>();
    gradients_are_right::<Steep, Ten>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<LeakyRelu>();
}

#[test]
#[should_panic = "layer `x`: the slope of LeakyRelu must be finite and at least 0, but is -0.5"]
fn a_negative_slope_is_refused() {
    <LeakyRelu<Negative> as Layer<Ten>>::CHECK.report("x");
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [-0.3, -0.035, -0.02, -0.005, -1e-05, 0.002, 0.7, 2.9, 4.0, 25.0],
    dx: [0.01, -0.02, 0.03, -0.04, 0.05, -6.0, 7.0, -8.0, 9.0, -10.0],
};
#[rustfmt::skip]
const STEEP: Reference = Reference {
    y: [-9.0, -1.05, -0.6, -0.15, -0.0003, 0.002, 0.7, 2.9, 4.0, 25.0],
    dx: [0.3, -0.6, 0.9, -1.2, 1.5, -6.0, 7.0, -8.0, 9.0, -10.0],
};
