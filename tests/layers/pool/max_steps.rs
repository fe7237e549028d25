//! The largest of several steps.

use crate::harness::{Passes, cases, passes};
use crate::over_time::agrees_with_pytorch;
use formwork::gradcheck::GradCheck;
use formwork::layer::{Layer, Mode};
use formwork::prelude::*;
use formwork::typenum::{U0, U2, U3, U4};
use proptest::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<MaxPoolSteps<U3>, Vector<U4>>(9, &[-1.85408099924, 3.30031400062]);
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients_agree_with_differences(seed in any::<u64>()) {
        let check = GradCheck::new(seed).columns(12).lanes(2);
        passes(check.layer::<MaxPoolSteps<U3>, Image<U2, U3, U2>>())?;
    }
}

#[test]
fn the_first_of_equals_counts_and_what_is_no_number_is_largest() {
    let mut layer = Passes::<MaxPoolSteps<U3>, Vector<U2>>::new(3);
    layer.lanes = Some(1);
    let (y, dx) = layer.train(&[1.0, 0.0, 1.0, f64::NAN, 1.0, 9.0], &[5.0, 7.0], 1);
    assert!(y[0] == 1.0 && y[1].is_nan());
    assert_eq!(dx, [5.0, 0.0, 0.0, 7.0, 0.0, 0.0]);
    let y = layer.forward(&[-1.0, f64::NEG_INFINITY, -2.0, -5.0, -3.0, -4.0], Mode::Inference);
    assert_eq!(y, [-1.0, -4.0]);
}

#[test]
#[should_panic(expected = "layer `pool`: a window of 0 steps covers nothing")]
fn a_window_of_nothing_is_refused() {
    <MaxPoolSteps<U0> as Layer<Vector<U2>>>::CHECK.report("pool");
}
