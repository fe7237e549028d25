//! Pools that take the mean of a window.

use crate::images::{agrees_with_pytorch, gradient_is_right, network_agrees};
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

network! {
    struct DownAndAcross: Image<3, 7, 6> => Image<3, 4, 5> {
        AvgPool<3, stride = 2, pad = 1, kernel_width = 2, stride_width = 1, pad_width = 0>,
    }
}
network! {
    /// Windows that hang over the border count what of it they have.
    struct OfTheRest: Image<3, 6, 8> => Image<3, 4, 5> {
        AvgPool<3, stride = 2, pad = 1, ceil = 1>,
    }
}
network! {
    struct OfPixels: Image<3, 6, 8> => Image<3, 4, 5> {
        AvgPool<3, stride = 2, pad = 1, ceil = 1, count_pad = 0>,
    }
}

#[test]
fn options_agree_with_pytorch() {
    network_agrees::<DownAndAcross>(&[0.180144899052, -3.44335390201]);
    network_agrees::<OfTheRest>(&[0.321756652129, 4.93327971484]);
    network_agrees::<OfPixels>(&[1.03826830607, 12.6065066491]);
}
