//! Numbers held between two bounds.

use super::{
    Reference, Small, Ten, agrees_with_pytorch, at, gradients_are_right, stays_not_a_number,
};
use formwork::layer::{Layer, Value};
use formwork::prelude::*;

network! { struct Wide: Vector<10> => Vector<10> { HardTanh(-2.5, 0.5) } }

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<HardTanh>(&PYTORCH);
    agrees_with_pytorch::<Wide>(&WIDE);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<HardTanh, Small>();
    gradients_are_right::<Wide, Ten>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<HardTanh>();
}

#[test]
fn the_gradient_ends_at_the_bounds() {
    let ends = [f32::NEG_INFINITY, -1.0, -1e-40];
    assert_eq!(at::<HardTanh>(ends), [[-1.0, -1.0, -1e-40], [0.0, 0.0, 1.0]]);
    let ends = [0.99, 1.0, f32::INFINITY];
    assert_eq!(at::<HardTanh>(ends), [[0.99, 1.0, 1.0], [1.0, 0.0, 0.0]]);
}

#[derive(Clone, Copy)]
struct Crossed;

impl Value<(f64, f64)> for Crossed {
    const VALUE: Option<(f64, f64)> = Some((1.0, -1.0));
    const TEXT: &'static str = "1.0, -1.0";
}

#[test]
#[should_panic = "layer `x`: HardTanh(low, high) takes a lower bound and one above it, but is given (1.0, -1.0)"]
fn bounds_that_cross_are_refused() {
    <HardTanh<Crossed> as Layer<Ten>>::CHECK.report("x");
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [-1.0, -1.0, -1.0, -0.5, -0.001, 0.002, 0.7, 1.0, 1.0, 1.0],
    dx: [0.0, 0.0, 0.0, -4.0, 5.0, -6.0, 7.0, 0.0, 0.0, 0.0],
};
#[rustfmt::skip]
const WIDE: Reference = Reference {
    y: [-2.5, -2.5, -2.0, -0.5, -0.001, 0.002, 0.5, 0.5, 0.5, 0.5],
    dx: [0.0, 0.0, 3.0, -4.0, 5.0, -6.0, 0.0, 0.0, 0.0, 0.0],
};
