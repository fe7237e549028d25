//! The rectifier that ends at 6.

use super::{Reference, Small, agrees_with_pytorch, at, gradients_are_right, stays_not_a_number};
use formwork::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<Relu6>(&PYTORCH);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<Relu6, Small>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<Relu6>();
}

#[test]
fn ends_are_flat_and_the_gradient_ends_with_them() {
    assert_eq!(at::<Relu6>([f32::NEG_INFINITY, 0.0, 1e-40]), [[0.0, 0.0, 1e-40], [0.0, 0.0, 1.0]]);
    assert_eq!(at::<Relu6>([5.5, 6.0, f32::INFINITY]), [[5.5, 6.0, 6.0], [1.0, 0.0, 0.0]]);
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [0.0, 0.0, 0.0, 0.0, 0.0, 0.002, 0.7, 2.9, 4.0, 6.0],
    dx: [0.0, 0.0, 0.0, 0.0, 0.0, -6.0, 7.0, -8.0, 9.0, 0.0],
};
