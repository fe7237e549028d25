//! Pools that keep the largest step of a window of a sequence.

use crate::images::network_agrees;
use formwork::prelude::*;

network! {
    struct Strided: Image<3, 1, 11> => Image<3, 1, 5> {
        MaxPool1d<3, stride = 2, pad = 1, dilation = 2>,
    }
}

#[test]
fn options_agree_with_pytorch() {
    network_agrees::<Strided>(&[7.19854163341, -9.66794662596]);
}
