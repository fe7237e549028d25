//! WaveNet's gated activation.

use super::{DY, Ten, X, gradients_are_right};
use crate::harness::{Passes, assert_near};
use formwork::layer::{Layer, Mode};
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U3, U5, U6, U34};

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    let (y, dx) = Passes::<Gated, Ten>::new(1).train(&X, &DY[..5], 0);
    assert_near("y", &y, &Y, 1e-11);
    assert_near("dx", &dx, &DX, 1e-11);
    let (y, dx) = Passes::<Gated, Ten, f32>::new(1).train(
        &X.map(|x| x as f32),
        &[1.0, -2.0, 3.0, -4.0, 5.0],
        0,
    );
    assert_near("y in f32", &y, &Y, 2e-6);
    assert_near("dx in f32", &dx, &DX, 1e-5);
}

#[test]
fn halves_are_channels_of_each_pixel() {
    type Photo = Image<U6, U2, U5>;
    let x = crate::harness::numbers::<f64>(2 * 60, 3);
    let y = Passes::<Gated, Photo>::new(2).forward(&x, Mode::Inference);
    let mut pixel = Passes::<Gated, Vector<U6>>::new(20);
    assert_eq!(y, pixel.forward(&x, Mode::Inference));
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<Gated, Vector<U34>>();
    gradients_are_right::<Gated, Image<U2, U3, U1>>();
    gradients_are_right::<Gated, Image<U6, U2, U5>>();
}

#[test]
fn large_batches_are_those_of_one_sample_each() {
    type Photo = Image<U6, U5, U5>;
    let (x, dy) =
        (crate::harness::numbers::<f32>(400 * 150, 5), crate::harness::numbers::<f32>(400 * 75, 7));
    let (y, dx) = Passes::<Gated, Photo, f32>::new(400).train(&x, &dy, 0);
    let mut one = Passes::<Gated, Photo, f32>::new(1);
    for i in 0..400 {
        let (own_y, own_dx) = one.train(&x[150 * i..][..150], &dy[75 * i..][..75], 0);
        assert_eq!(
            (own_y.as_slice(), own_dx.as_slice()),
            (&y[75 * i..][..75], &dx[150 * i..][..150])
        );
    }
}

#[test]
#[should_panic = "layer `x`: Gated gates one half of its numbers with the other, but is given 3, which have no halves"]
fn an_odd_number_is_refused() {
    <Gated as Layer<Vector<U3>>>::CHECK.report("x");
}

#[test]
#[should_panic = "layer `x`: Gated gates one half of its channels with the other, but is given 1, which have no halves"]
fn an_odd_number_of_channels_is_refused() {
    <Gated as Layer<Image<U1, U5, U1>>>::CHECK.report("x");
}

#[test]
fn what_is_not_a_number_stays_so() {
    for x in [[f32::NAN, 0.0], [0.0, f32::NAN]] {
        let (y, _) = Passes::<Gated, Vector<U2>, f32>::new(1).train(&x, &[1.0], 0);
        assert!(y[0].is_nan());
    }
}

#[test]
fn ends_are_flat_and_the_gradient_does_not_cancel() {
    let mut passes = Passes::<Gated, Vector<U2>, f32>::new(1);
    for (x, expected) in
        [([200.0, 200.0], 1.0), ([-200.0, 200.0], -1.0), ([f32::INFINITY, -200.0], 0.0)]
    {
        let (y, dx) = passes.train(&x, &[1.0], 0);
        assert_eq!((y[0], [dx[0], dx[1]]), (expected, [0.0, 0.0]), "{x:?}");
    }
    // 1 - tanh^2 a = 4 e^-2a / (1 + e^-2a)^2
    let (_, dx) = passes.train(&[7.0, 200.0], &[1.0], 0);
    let e = (-14_f64).exp();
    assert!((f64::from(dx[0]) / (4.0 * e / (1.0 + e).powi(2)) - 1.0).abs() < 1e-6, "{}", dx[0]);
}

#[rustfmt::skip]
const Y: [f64; 5] = [-0.500499999833, -0.666970265632, -0.913750106869, -0.453805421042, -0.000999999666653];
#[rustfmt::skip]
const DX: [f64; 10] = [0.0, -0.00486558930021, 0.200898397808, -3.08921007567, 4.99999499993, -0.24999975, 0.442617779474, -0.14296597151, 0.0326489583392, -6.94399861506e-14];
