//! The mean of several steps.

use crate::harness::{cases, passes};
use crate::over_time::agrees_with_pytorch;
use formwork::gradcheck::GradCheck;
use formwork::layer::Layer;
use formwork::prelude::*;
use formwork::typenum::{U0, U2, U3, U4};
use proptest::prelude::*;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<AvgPoolSteps<U3>, Vector<U4>>(9, &[0.429461336409, 3.05979759745]);
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients_agree_with_differences(seed in any::<u64>()) {
        let check = GradCheck::new(seed).columns(12).lanes(2);
        passes(check.layer::<AvgPoolSteps<U3>, Image<U2, U3, U2>>())?;
    }
}

#[test]
#[should_panic(expected = "layer `pool`: a window of 0 steps covers nothing")]
fn a_window_of_nothing_is_refused() {
    <AvgPoolSteps<U0> as Layer<Vector<U2>>>::CHECK.report("pool");
}
