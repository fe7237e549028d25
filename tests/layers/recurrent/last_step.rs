//! The last step of each sequence.

use super::gradients::are_right;
use crate::harness::cases;
use formwork::data::{Batch, Grid};
use formwork::prelude::*;
use formwork::typenum::U3;
use proptest::prelude::*;

network! { struct Last: Vector<2> => Vector<2> { LastStep } }

#[test]
fn is_the_last_of_each_lane() {
    // Three steps of two lanes.
    let x = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0], [9.0, 10.0], [11.0, 12.0]];
    let batch = Batch::<Grid<2>>::from_rows(x).unwrap();
    let mut inference = Inference::<Last>::with_lanes(6, 2);
    let y = inference.run(&Model::zeroed(), &batch).as_slice().to_vec();
    assert_eq!(y, [9.0, 10.0, 11.0, 12.0]);
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn gradients(seed in 0..1000_u64, steps in 1..5_usize, lanes in 1..4_usize) {
        are_right::<LastStep, Vector<U3>>(seed, steps, lanes);
    }
}
