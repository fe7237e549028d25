//! The mean over the steps of each sequence.

use super::gradients::are_right;
use crate::harness::cases;
use formwork::data::{Batch, Grid};
use formwork::prelude::*;
use formwork::typenum::U3;
use proptest::prelude::*;

network! { struct Mean: Vector<1> => Vector<1> { MeanSteps } }

#[test]
fn is_the_mean_of_each_lane() {
    // Four steps of two lanes.
    let batch = Batch::<Grid<1>>::from_vec(vec![1.0, -2.0, 2.0, 0.0, 3.0, 2.0, 4.0, 8.0]).unwrap();
    let mut inference = Inference::<Mean>::with_lanes(8, 2);
    assert_eq!(inference.run(&Model::zeroed(), &batch).as_slice(), [2.5, 2.0]);
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn gradients(seed in 0..1000_u64, steps in 1..5_usize, lanes in 1..4_usize) {
        are_right::<MeanSteps, Vector<U3>>(seed, steps, lanes);
    }
}
