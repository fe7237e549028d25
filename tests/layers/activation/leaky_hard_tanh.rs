//! Numbers that rise less outside of two bounds.

use super::{
    Reference, Small, Ten, agrees_with_pytorch, at, gradients_are_right, stays_not_a_number,
};
use formwork::layer::{Layer, Value};
use formwork::prelude::*;

network! { struct Wide: Vector<10> => Vector<10> { LeakyHardTanh(-2.5, 0.5, 0.1, 0.2) } }

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<LeakyHardTanh>(&PYTORCH);
    agrees_with_pytorch::<Wide>(&WIDE);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<LeakyHardTanh, Small>();
    gradients_are_right::<Wide, Ten>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<LeakyHardTanh>();
}

#[test]
fn infinities_stay() {
    let ends = [f32::NEG_INFINITY, 0.0, f32::INFINITY];
    assert_eq!(at::<LeakyHardTanh>(ends), [ends, [0.01, 1.0, 0.01]]);
}

#[derive(Clone, Copy)]
struct Falling;

impl Value<(f64, f64, f64, f64)> for Falling {
    const VALUE: Option<(f64, f64, f64, f64)> = Some((-1.0, 1.0, 0.1, -0.1));
    const TEXT: &'static str = "-1.0, 1.0, 0.1, -0.1";
}

#[test]
#[should_panic = "must be finite and at least 0, but it is given (-1.0, 1.0, 0.1, -0.1)"]
fn a_falling_slope_is_refused() {
    <LeakyHardTanh<Falling> as Layer<Ten>>::CHECK.report("x");
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [-1.29, -1.025, -1.01, -0.5, -0.001, 0.002, 0.7, 1.019, 1.03, 1.24],
    dx: [0.01, -0.02, 0.03, -4.0, 5.0, -6.0, 7.0, -0.08, 0.09, -0.1],
};
#[rustfmt::skip]
const WIDE: Reference = Reference {
    y: [-5.25, -2.6, -2.0, -0.5, -0.001, 0.002, 0.54, 0.98, 1.2, 5.4],
    dx: [0.1, -0.2, 3.0, -4.0, 5.0, -6.0, 1.4, -1.6, 1.8, -2.0],
};
