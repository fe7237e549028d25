//! Borders of zeros.

use crate::images::{agrees_with_pytorch, gradient_is_right};
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
