//! The Gaussian error linear unit, approximated.

use super::{Reference, Small, agrees_with_pytorch, at, gradients_are_right, stays_not_a_number};
use formwork::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<GeluTanh>(&PYTORCH);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<GeluTanh, Small>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<GeluTanh>();
}

#[test]
fn ends_are_zero_and_the_input_also_where_it_is_infinite_or_huge() {
    let ends = [f32::NEG_INFINITY, -f32::MAX, -25.0];
    assert_eq!(at::<GeluTanh>(ends), [[0.0; 3], [0.0; 3]]);
    let ends = [25.0, f32::MAX, f32::INFINITY];
    assert_eq!(at::<GeluTanh>(ends), [ends, [1.0; 3]]);
}

#[test]
fn nothing_cancels_far_below_zero() {
    // x / (1 + e^-2u) with u = sqrt(2 / pi) (x + 0.044715 x^3), of which 1 + tanh(u) leaves nothing.
    let x = -6.0_f64;
    let u = (2.0 / core::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3));
    let s = 1.0 / (1.0 + (-2.0 * u).exp());
    let slope = (2.0 / core::f64::consts::PI).sqrt() * (1.0 + 3.0 * 0.044715 * x * x);
    let expected = [x * s, s * (1.0 + 2.0 * x * (1.0 - s) * slope)];
    let [[y, ..], [dx, ..]] = at::<GeluTanh>([-6.0, 0.0, 0.0]);
    for (found, expected) in [y, dx].into_iter().zip(expected) {
        assert!(
            (f64::from(found) / expected - 1.0).abs() < 1e-5,
            "expected {expected}, found {found}"
        );
    }
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [-0.0, -0.000616197655374, -0.0454023059122, -0.154285990175, -0.000499601057786, 0.00100159576805, 0.530570134705, 2.89503333376, 3.99992975405, 25.0],
    dx: [0.0, 0.00484528752023, -0.258297769871, -0.530520385861, 2.49601057853, -3.0095746019, 6.83450053059, -8.12100417387, 9.00301610877, -10.0],
};
