//! The rectifier.

use super::{Reference, Small, agrees_with_pytorch, gradients_are_right, stays_not_a_number};
use formwork::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<Relu>(&PYTORCH);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<Relu, Small>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<Relu>();
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [0.0, 0.0, 0.0, 0.0, 0.0, 0.002, 0.7, 2.9, 4.0, 25.0],
    dx: [0.0, 0.0, 0.0, 0.0, 0.0, -6.0, 7.0, -8.0, 9.0, -10.0],
};
