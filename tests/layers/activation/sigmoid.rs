//! The logistic sigmoid.

use super::{Reference, Small, agrees_with_pytorch, gradients_are_right, stays_not_a_number};
use formwork::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<Sigmoid>(&PYTORCH);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<Sigmoid, Small>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<Sigmoid>();
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [9.35762296884e-14, 0.0293122307514, 0.119202922022, 0.377540668798, 0.499750000021, 0.500499999833, 0.668187772168, 0.947846436922, 0.982013790038, 0.999999999986],
    dx: [9.35762296884e-14, -0.0569060477595, 0.314980756211, -0.940014848806, 1.2499996875, -1.4999985, 1.55199011305, -0.395468551493, 0.15896435592, -1.38880018594e-10],
};
