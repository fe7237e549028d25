//! The hyperbolic tangent.

use super::{Reference, Small, agrees_with_pytorch, gradients_are_right, stays_not_a_number};
use formwork::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<Tanh>(&PYTORCH);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<Tanh, Small>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<Tanh>();
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [-1.0, -0.998177897611, -0.964027580076, -0.46211715726, -0.000999999666667, 0.00199999733334, 0.604367777117, 0.993963167351, 0.999329299739, 1.0],
    dx: [0.0, -0.00728176944097, 0.211952474559, -3.14579093186, 4.999995, -5.99997600006, 4.44317712988, -0.0962977756032, 0.0120685561472, -0.0],
};
