//! The softsign.

use super::{Reference, Small, agrees_with_pytorch, at, gradients_are_right, stays_not_a_number};
use formwork::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<Softsign>(&PYTORCH);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<Softsign, Small>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<Softsign>();
}

#[test]
fn ends_at_one_also_where_the_input_is_infinite() {
    let ends = [f32::NEG_INFINITY, f32::MAX, f32::INFINITY];
    assert_eq!(at::<Softsign>(ends), [[-1.0, 1.0, 1.0], [0.0; 3]]);
}

#[test]
fn the_derivative_does_not_cancel_far_from_zero() {
    // 1 / (1 + x)^2
    let [_, dx] = at::<Softsign>([1e4, -1e6, 1e15]);
    for (found, x) in dx.into_iter().zip([1e4, 1e6, 1e15]) {
        let expected = 1.0 / ((1.0 + x) * (1.0 + x));
        assert!((f64::from(found) / expected - 1.0).abs() < 1e-6, "at {x}: {found}");
    }
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [-0.967741935484, -0.777777777778, -0.666666666667, -0.333333333333, -0.000999000999001, 0.00199600798403, 0.411764705882, 0.74358974359, 0.8, 0.961538461538],
    dx: [0.00104058272633, -0.0987654320988, 0.333333333333, -1.77777777778, 4.99001498002, -5.97607180848, 2.42214532872, -0.525969756739, 0.36, -0.0147928994083],
};
