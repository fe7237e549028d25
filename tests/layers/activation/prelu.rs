//! The rectifier whose slope is learned.

use super::{
    DY, Reference, Small, Ten, X, agrees_with_pytorch, at, gradients_are_right, stays_not_a_number,
};
use crate::harness::{Passes, assert_near};
use formwork::layer::Mode;
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U33};

network! { struct Tenth: Vector<10> => Vector<10> { PRelu(0.1) } }
network! { struct Tenths: Vector<10> => Vector<10> { PRelu<per_channel = 1>(0.1) } }

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<PRelu>(&PYTORCH);
    agrees_with_pytorch::<Tenth>(&TENTH);
    agrees_with_pytorch::<Tenths>(&TENTH);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<PRelu, Small>();
    gradients_are_right::<PRelu<U1>, Small>();
    gradients_are_right::<PRelu, Image<U33, U2, U2>>();
    gradients_are_right::<PRelu<U1>, Image<U33, U2, U2>>();
    gradients_are_right::<Tenths, Ten>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<PRelu>();
}

#[test]
fn slopes_learn_from_what_is_below_zero() {
    // x dy where x is not above zero.
    let products: Vec<f64> =
        X.iter().zip(DY).map(|(x, dy)| if *x > 0.0 { 0.0 } else { x * dy }).collect();
    let mut one = Passes::<PRelu, Ten>::new(1);
    one.train(&X, &DY, 0);
    assert_near("dweight", &one.gradient.weight, &[products.iter().sum()], 1e-14);
    let mut each = Passes::<PRelu<U1>, Ten>::new(1);
    each.train(&X, &DY, 0);
    assert_near("dweight", &each.gradient.weight, &products, 1e-14);
}

#[test]
fn each_channel_of_an_image_has_its_slope() {
    // Two channels, innermost, of three pixels.
    let mut passes = Passes::<PRelu<U1>, Small>::new(1);
    passes.params.weight.copy_from_slice(&[-1.0, 0.5]);
    let y = passes.forward(&[-1.0, -1.0, 2.0, -2.0, -3.0, 3.0], Mode::Inference);
    assert_eq!(y, [1.0, -0.5, 2.0, -1.0, 3.0, 3.0]);
}

#[test]
fn infinities_stay_and_zero_has_the_slope() {
    let ends = [f32::NEG_INFINITY, 0.0, f32::INFINITY];
    assert_eq!(at::<PRelu>(ends), [ends, [0.25, 0.25, 1.0]]);
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [-7.5, -0.875, -0.5, -0.125, -0.00025, 0.002, 0.7, 2.9, 4.0, 25.0],
    dx: [0.25, -0.5, 0.75, -1.0, 1.25, -6.0, 7.0, -8.0, 9.0, -10.0],
};
#[rustfmt::skip]
const TENTH: Reference = Reference {
    y: [-3.0, -0.35, -0.2, -0.05, -0.0001, 0.002, 0.7, 2.9, 4.0, 25.0],
    dx: [0.1, -0.2, 0.3, -0.4, 0.5, -6.0, 7.0, -8.0, 9.0, -10.0],
};
