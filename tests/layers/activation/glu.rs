//! The gated linear unit.

use super::{DY, Ten, X, gradients_are_right};
use crate::harness::{Passes, assert_near};
use formwork::layer::{Layer, Mode};
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U3, U5, U6, U34};

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    let (y, dx) = Passes::<Glu, Ten>::new(1).train(&X, &DY[..5], 0);
    assert_near("y", &y, &Y, 1e-11);
    assert_near("dx", &dx, &DX, 1e-11);
    let (y, dx) = Passes::<Glu, Ten, f32>::new(1).train(
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
    let y = Passes::<Glu, Photo>::new(2).forward(&x, Mode::Inference);
    let mut pixel = Passes::<Glu, Vector<U6>>::new(20);
    assert_eq!(y, pixel.forward(&x, Mode::Inference));
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<Glu, Vector<U34>>();
    gradients_are_right::<Glu, Image<U2, U3, U1>>();
    gradients_are_right::<Glu, Image<U6, U2, U5>>();
}

#[test]
fn large_batches_are_those_of_one_sample_each() {
    type Photo = Image<U6, U5, U5>;
    let (x, dy) =
        (crate::harness::numbers::<f32>(400 * 150, 5), crate::harness::numbers::<f32>(400 * 75, 7));
    let (y, dx) = Passes::<Glu, Photo, f32>::new(400).train(&x, &dy, 0);
    let mut one = Passes::<Glu, Photo, f32>::new(1);
    for i in 0..400 {
        let (own_y, own_dx) = one.train(&x[150 * i..][..150], &dy[75 * i..][..75], 0);
        assert_eq!(
            (own_y.as_slice(), own_dx.as_slice()),
            (&y[75 * i..][..75], &dx[150 * i..][..150])
        );
    }
}

#[test]
#[should_panic = "layer `x`: Glu gates one half of its numbers with the other, but is given 3, which have no halves"]
fn an_odd_number_is_refused() {
    <Glu as Layer<Vector<U3>>>::CHECK.report("x");
}

#[test]
#[should_panic = "layer `x`: Glu gates one half of its channels with the other, but is given 1, which have no halves"]
fn an_odd_number_of_channels_is_refused() {
    <Glu as Layer<Image<U1, U5, U1>>>::CHECK.report("x");
}

#[test]
fn what_is_not_a_number_stays_so() {
    for x in [[f32::NAN, 0.0], [0.0, f32::NAN]] {
        let (y, _) = Passes::<Glu, Vector<U2>, f32>::new(1).train(&x, &[1.0], 0);
        assert!(y[0].is_nan());
    }
}

#[test]
fn gates_close_and_open_and_their_gradient_does_not_cancel() {
    // Half open, shut and open; the derivative by b is a e^-|b| / (1 + e^-|b|)^2.
    let mut passes = Passes::<Glu, Vector<U6>, f32>::new(1);
    let (y, dx) = passes.train(&[2.0, 2.0, 2.0, 0.0, -200.0, 200.0], &[1.0; 3], 0);
    assert_eq!(y, [1.0, 0.0, 2.0]);
    assert_eq!(dx, [0.5, 0.0, 1.0, 0.5, 0.0, 0.0]);
    let (_, dx) = passes.train(&[2.0, 2.0, 2.0, 12.0, -12.0, 15.0], &[1.0; 3], 0);
    for (found, b) in dx[3..].iter().zip([12.0, 12.0, 15.0_f64]) {
        let expected = 2.0 * (-b).exp() / (1.0 + (-b).exp()).powi(2);
        assert!((f64::from(*found) / expected - 1.0).abs() < 1e-6, "at {b}: {found}");
    }
}

#[rustfmt::skip]
const Y: [f64; 5] = [-15.014999995, -2.33865720259, -1.89569287384, -0.491006895019, -0.000999999999986];
#[rustfmt::skip]
const DX: [f64; 10] = [0.500499999833, -1.33637554434, 2.84353931076, -3.92805516015, 4.99999999993, -7.4999925, 1.55199011305, -0.29660141362, 0.0353254124266, -6.94400092972e-14];
