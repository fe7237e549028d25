//! Normalisation by the root mean square.

use crate::harness::{Passes, assert_near, cases, passes, values};
use formwork::gradcheck::GradCheck;
use formwork::layer::Mode;
use formwork::prelude::*;
use formwork::typenum::{U0, U1, U2, U3, U5, U33};
use proptest::prelude::*;

network! { struct Damped: Image<3, 2, 2> => Image<3, 2, 2> { RmsNorm(0.1) } }
network! { struct Alone: Image<3, 2, 2> => Image<3, 2, 2> { RmsNorm<affine = 0> } }

#[test]
fn agrees_with_pytorch() {
    super::options::agrees::<RmsNorm>(&[1.281355969, 8.609970685, 2.792858307]);
    super::options::agrees::<Damped>(&[1.227074774, 8.266655856, 2.706887862]);
    super::options::agrees::<Alone>(&[0.7257353566, 5.497876248]);
}

#[test]
fn divides_by_the_root_mean_square() {
    // The mean square of 3, -4 and 5 sqrt(2) is (9 + 16 + 50) / 3 = 25.
    let mut passes = Passes::<RmsNorm, Vector<U3>>::new(1);
    passes.params.weight.copy_from_slice(&[1.0, 2.0, -1.0]);
    let y = passes.forward(&[3.0, -4.0, 50_f64.sqrt()], Mode::Inference);
    assert_near("y", &y, &[0.6, -1.6, -2_f64.sqrt()], 1e-15);
}

#[test]
fn zeros_stay_zero_and_what_is_added_follows_the_scalar() {
    // Of zeros, the deviation is the root of what is added: 2^-23 and 2^-52.
    let mut single = Passes::<RmsNorm, Vector<U2>, f32>::new(1);
    let (y, dx) = single.train(&[0.0; 2], &[1.0, -1.0], 2);
    assert_eq!(y, [0.0; 2]);
    assert_near("dx", &dx, &[2_f64.powf(11.5), -2_f64.powf(11.5)], 1e-6);
    let (y, dx) = Passes::<RmsNorm, Vector<U2>>::new(1).train(&[0.0; 2], &[1.0, -1.0], 2);
    assert_eq!(y, [0.0; 2]);
    assert_eq!(dx, [2_f64.powi(26), -2_f64.powi(26)]);
}

#[test]
fn a_sample_that_is_not_finite_leaves_the_others_alone() {
    let mut passes = Passes::<RmsNorm, Vector<U2>>::new(3);
    let x = [f64::NAN, 1.0, 1.0, -1.0, f64::INFINITY, 1.0];
    let y = passes.forward(&x, Mode::Inference);
    assert!(y[0].is_nan() && y[1].is_nan() && y[4].is_nan());
    assert_near("y", &y[2..4], &[1.0, -1.0], 1e-15);
}

#[test]
fn large_values_are_scaled_as_small_ones_are() {
    let x = values(33, |i| (0.7 * i).sin() + 0.1 * i);
    let mut passes = Passes::<RmsNorm, Vector<U33>>::new(1);
    let y = passes.forward(&x, Mode::Inference);
    for factor in [1e-5, 1e100] {
        let scaled: Vec<f64> = x.iter().map(|x| factor * x).collect();
        assert_near("y", &passes.forward(&scaled, Mode::Inference), &y, 1e-5);
    }
}

network! {
    /// In place between layers that need to see what went in, and the other way round.
    struct Sandwich: Vector<4> => Vector<3> {
        first: RmsNorm, fc1: Dense<6>, Relu, RmsNorm, Relu, fc2: Dense<3>, last: RmsNorm<affine = 0>
    }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients(seed: u64, columns in 1..4_usize) {
        let check = GradCheck::new(seed).columns(columns);
        passes(check.layer::<RmsNorm, Vector<U5>>())?;
        passes(check.layer::<RmsNorm, Vector<U33>>())?;
        passes(check.layer::<RmsNorm, Image<U3, U2, U5>>())?;
        passes(check.layer::<RmsNorm<U0>, Image<U1, U3, U2>>())?;
        passes(check.network::<Sandwich>())?;
    }
}
