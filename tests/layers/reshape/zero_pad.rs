//! Borders of zeros.

use crate::images::{agrees_with_pytorch, gradient_is_right, network_agrees};
use formwork::prelude::*;
use formwork::typenum::{U2, U3, U4, U5};

#[test]
fn values_agree_with_pytorch() {
    agrees_with_pytorch::<ZeroPad<U2>, Image<U3, U4, U5>>(&[-0.101155928413, -2.2050035145]);
}

#[test]
fn gradients_agree_with_differences() {
    gradient_is_right::<ZeroPad<U2>, Image<U3, U4, U5>>();
}

network! {
    struct OnOneSide: Image<3, 4, 5> => Image<3, 9, 6> {
        ZeroPad<0, pad_top = 2, pad_bottom = 3, pad_left = 1>,
    }
}

#[test]
fn options_agree_with_pytorch() {
    network_agrees::<OnOneSide>(&[-0.290336612138, -8.62274379833]);
}
