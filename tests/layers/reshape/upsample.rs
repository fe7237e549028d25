//! Larger images, by repeating pixels.

use crate::images::{agrees_with_pytorch, gradient_is_right, network_agrees};
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

network! {
    struct Bilinear: Image<3, 4, 2> => Image<3, 12, 6> {
        Upsample<3>(Interpolation::Bilinear),
    }
}
network! {
    struct DownAndAcross: Image<3, 2, 5> => Image<3, 6, 10> {
        Upsample<3, factor_width = 2>(Interpolation::Bilinear),
    }
}

#[test]
fn options_agree_with_pytorch() {
    network_agrees::<Bilinear>(&[-0.0956111163612, 0.519585435997]);
    network_agrees::<DownAndAcross>(&[0.554711466451, 2.69635595725]);
}
