//! The Gaussian error linear unit.

use super::{Reference, Small, agrees_with_pytorch, gradients_are_right, stays_not_a_number};
use formwork::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<Gelu>(&PYTORCH);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<Gelu, Small>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<Gelu>();
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [-0.0, -0.000814201776624, -0.0455002638964, -0.154268769363, -0.000499601057786, 0.00100159576806, 0.530625443444, 2.89458914143, 3.99987331503, 25.0],
    dx: [-4.42093840464e-195, 0.00564352070725, -0.255695403235, -0.530019501375, 2.49601057853, -3.00957460196, 6.83629870794, -8.12317224574, 9.00453284695, -10.0],
};
