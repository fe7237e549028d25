//! Softmax.

use super::{Reference, agrees_with_pytorch, stays_not_a_number};
use crate::harness::{Passes, assert_near, cases, numbers, passes};
use formwork::gradcheck::GradCheck;
use formwork::layer::Mode;
use formwork::layers::Softmax;
use formwork::shape::{Image, Vector};
use formwork::typenum::{U1, U2, U3, U37, U1000};
use proptest::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<Softmax>(&PYTORCH);
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<Softmax>();
}

#[test]
fn shares_are_of_one_sample() {
    // e^0 : e^ln 3 = 1 : 3, and equal numbers however large.
    let x = [0.0, 3.0_f64.ln(), 900.0, 900.0];
    let (y, dx) = Passes::<Softmax, Vector<U2>>::new(2).train(&x, &[1.0, 0.0, 2.0, 4.0], 0);
    assert_near("y", &y, &[0.25, 0.75, 0.5, 0.5], 1e-14);
    // y_i (dy_i - sum of dy y): the sums are 1/4 and 3.
    let expected = [0.25 * 0.75, 0.75 * -0.25, -0.5, 0.5];
    assert_near("dx", &dx, &expected, 1e-14);
}

#[test]
fn equal_numbers_have_equal_shares_however_large() {
    for x in [2074.5698_f32, 2_103_809.8, -1e30, f32::MAX] {
        let mut passes = Passes::<Softmax, Vector<U37>, f32>::new(1);
        assert_eq!(passes.forward(&[x; 37], Mode::Inference), [1.0 / 37.0; 37], "{x}");
    }
}

#[test]
fn samples_of_any_size_sum_to_one() {
    let x: Vec<f32> = numbers(30_000, 1);
    let dy: Vec<f32> = numbers(30_000, 2);
    let (y, dx) = Passes::<Softmax, Vector<U1000>, f32>::new(30).train(&x, &dy, 0);
    for ((y, dx), x) in y.chunks(1000).zip(dx.chunks(1000)).zip(x.chunks(1000)) {
        let sum: f64 = x.iter().map(|&x| f64::from(x).exp()).sum();
        assert_near("sum", &[y.iter().map(|&y| f64::from(y)).sum::<f64>()], &[1.0], 1e-6);
        assert_near("y[999]", &[y[999]], &[f64::from(x[999]).exp() / sum], 1e-9);
        // The outputs' sum does not move.
        assert_near("dx", &[dx.iter().map(|&dx| f64::from(dx)).sum::<f64>()], &[0.0], 1e-7);
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn gradients(seed: u64, columns in 1..4_usize) {
        let check = GradCheck::new(seed).columns(columns);
        passes(check.layer::<Softmax, Image<U2, U3, U1>>())?;
        passes(check.layer::<Softmax, Vector<U37>>())?;
    }
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [1.29958142361e-24, 4.19379565386e-13, 1.87952881451e-12, 8.4234637454e-12, 1.38740628478e-11, 1.39157475321e-11, 2.79668845291e-11, 2.52401510413e-10, 7.58256041974e-10, 0.999999998923],
    dx: [1.42953956392e-23, 3.35503651649e-12, 2.44338745591e-11, 5.05407823399e-11, 2.08110942499e-10, 5.56629899096e-11, 4.75437036556e-10, 5.04803016855e-10, 1.44068647856e-08, -1.57292116939e-08],
};
