//! Pools that take the mean of a window of a sequence.

use crate::images::network_agrees;
use formwork::prelude::*;

network! {
    struct Strided: Image<3, 1, 11> => Image<3, 1, 6> {
        AvgPool1d<3, stride = 2, pad = 1>,
    }
}

#[test]
fn options_agree_with_pytorch() {
    network_agrees::<Strided>(&[-0.316699034113, -0.142809780455]);
}
