//! The swish of straight lines.

use super::{Reference, Small, agrees_with_pytorch, at, gradients_are_right, stays_not_a_number};
use formwork::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<HardSwish>(&PYTORCH);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<HardSwish, Small>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<HardSwish>();
}

#[test]
fn ends_are_zero_and_the_input_also_where_it_is_infinite_or_huge() {
    let ends = [f32::NEG_INFINITY, -f32::MAX, -3.0];
    assert_eq!(at::<HardSwish>(ends), [[0.0; 3], [0.0; 3]]);
    let ends = [3.0, f32::MAX, f32::INFINITY];
    assert_eq!(at::<HardSwish>(ends), [ends, [1.0; 3]]);
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [-0.0, -0.0, -0.333333333333, -0.208333333333, -0.000499833333333, 0.00100066666667, 0.431666666667, 2.85166666667, 4.0, 25.0],
    dx: [0.0, 0.0, -0.5, -1.33333333333, 2.49833333333, -3.004, 5.13333333333, -11.7333333333, 9.0, -10.0],
};
