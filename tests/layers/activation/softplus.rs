//! The smooth rectifier.

use super::{Reference, Small, agrees_with_pytorch, gradients_are_right};
use crate::harness::Passes;
use formwork::prelude::*;
use formwork::typenum::U1;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<Softplus>(&PYTORCH);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<Softplus, Small>();
}

/// Near zero the slope is a difference of numbers near 1, but keeps its relative precision.
#[test]
fn nothing_cancels_near_zero() {
    // e^-12 / (1 + e^-12)
    let (_, dx) = Passes::<Softplus, Vector<U1>, f32>::new(1).train(&[-12.0], &[1.0], 0);
    assert!((dx[0] / 6.144_137e-6 - 1.0).abs() < 1e-5, "{}", dx[0]);
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [9.35762296884e-14, 0.0297504182726, 0.126928011043, 0.47407698418, 0.69264730556, 0.69414768056, 1.10318604889, 2.95356277622, 4.01814992792, 25.0],
    dx: [9.35762296884e-14, -0.0586244615027, 0.357608766066, -1.51016267519, 2.4987500001, -3.002999999, 4.67731440518, -7.58277149537, 8.83812411034, -9.99999999986],
};
