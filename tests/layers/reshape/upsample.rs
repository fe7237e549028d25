//! Larger images, by repeating pixels.

use crate::images::{agrees_with_pytorch, gradient_is_right};
use formwork::prelude::*;
use formwork::typenum::{U2, U3, U4};

#[test]
fn values_agree_with_pytorch() {
    agrees_with_pytorch::<Upsample<U3>, Image<U3, U4, U2>>(&[-0.211757614893, 0.0520343024747]);
}

#[test]
fn gradients_agree_with_differences() {
    gradient_is_right::<Upsample<U3>, Image<U3, U4, U2>>();
}
