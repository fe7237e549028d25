//! The mean of each feature map.

use crate::images::{agrees_with_pytorch, gradient_is_right};
use formwork::prelude::*;
use formwork::typenum::{U3, U4, U5};

#[test]
fn values_agree_with_pytorch() {
    agrees_with_pytorch::<GlobalAvgPool, Image<U3, U4, U5>>(&[-0.0158320068826, -0.0852631689318]);
}

#[test]
fn gradients_agree_with_differences() {
    gradient_is_right::<GlobalAvgPool, Image<U3, U4, U5>>();
}
