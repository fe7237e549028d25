//! The sigmoid linear unit.

use super::{Reference, Small, agrees_with_pytorch, gradients_are_right, stays_not_a_number};
use formwork::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<Silu>(&PYTORCH);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<Silu, Small>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<Silu>();
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [-2.80728689065e-12, -0.10259280763, -0.238405844044, -0.188770334399, -0.000499750000021, 0.00100099999967, 0.467731440518, 2.74875466707, 3.92805516015, 24.9999999997],
    dx: [-2.71371066096e-12, 0.140546705655, -0.272352746355, -1.04015525079, 2.49750000042, -3.005999996, 5.76370748431, -8.7296302947, 9.47398153402, -10.0000000033],
};
