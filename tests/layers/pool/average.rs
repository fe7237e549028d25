//! Pools that take the mean of a window.

use crate::images::{agrees_with_pytorch, gradient_is_right};
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U3, U5, U6, U7, U8, U9};

#[test]
fn values_agree_with_pytorch() {
    agrees_with_pytorch::<AvgPool<U2>, Image<U3, U6, U9>>(&[0.0211351851843, 0.284177915503]);
    agrees_with_pytorch::<AvgPool<U3, U2, U1>, Image<U3, U7, U8>>(&[
        -0.0293970083743,
        -0.790445354773,
    ]);
}

#[test]
fn gradients_agree_with_differences() {
    gradient_is_right::<AvgPool<U2>, Image<U3, U5, U6>>();
    gradient_is_right::<AvgPool<U3, U2, U1>, Image<U3, U7, U8>>();
}
