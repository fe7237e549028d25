//! The sigmoid of three straight lines.

use super::{Reference, Small, agrees_with_pytorch, gradients_are_right, stays_not_a_number};
use formwork::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<HardSigmoid>(&PYTORCH);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<HardSigmoid, Small>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<HardSigmoid>();
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [0.0, 0.0, 0.166666666667, 0.416666666667, 0.499833333333, 0.500333333333, 0.616666666667, 0.983333333333, 1.0, 1.0],
    dx: [0.0, 0.0, 0.5, -0.666666666667, 0.833333333333, -1.0, 1.16666666667, -1.33333333333, 0.0, 0.0],
};
