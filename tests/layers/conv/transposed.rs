//! Transposed convolutions.

use crate::images::{agrees_with_pytorch, gradient_is_right, network_agrees};
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U3, U4, U5, U6};

type Transposed = ConvTranspose2d<U4, U3>;
type Doubling = ConvTranspose2d<U2, U3, U2, U1, U1, U1, U1, U1>;
type TransposedEverything = ConvTranspose2d<U6, U3, U3, U4, U2, U2, U1, U2>;

#[test]
fn values_agree_with_pytorch() {
    agrees_with_pytorch::<Transposed, Image<U3, U5, U4>>(&[
        2.11116248088,
        4.41591118577,
        -32.2712472904,
        -1.36868193315,
    ]);
    agrees_with_pytorch::<Doubling, Image<U4, U4, U5>>(&[
        -15.6505098933,
        3.5889917434,
        2.95456494262,
        -1.36271799012,
    ]);
    agrees_with_pytorch::<TransposedEverything, Image<U4, U5, U4>>(&[
        2.88949575016,
        -2.10255232693,
        13.7052326861,
        -1.26361325511,
    ]);
}

#[test]
fn gradients_agree_with_differences() {
    gradient_is_right::<Transposed, Image<U3, U5, U4>>();
    gradient_is_right::<TransposedEverything, Image<U4, U5, U4>>();
    gradient_is_right::<Doubling, Image<U4, U4, U5>>();
    gradient_is_right::<TransposedEverything, Image<U4, U5, U4>>();
}

network! {
    struct DownAndAcross: Image<3, 4, 5> => Image<4, 8, 3> {
        up: ConvTranspose2d<4, 3, stride = 2, pad = 1, output_pad = 1, kernel_width = 2, stride_width = 1, pad_width = 2, dilation_width = 2, output_pad_width = 0>,
    }
}
network! {
    struct Cropped: Image<3, 4, 5> => Image<4, 4, 6> {
        up: ConvTranspose2d<4, 3, pad_top = 2, pad_right = 1>,
    }
}

#[test]
fn options_agree_with_pytorch() {
    network_agrees::<DownAndAcross>(&[
        -21.0717998574,
        -6.22478333816,
        8.46991908916,
        -1.04032819111,
    ]);
    network_agrees::<Cropped>(&[-3.25413520285, 3.89592531242, -44.7128059036, -1.04032819111]);
}
