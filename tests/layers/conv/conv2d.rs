//! Convolutions over images.

use crate::images::{agrees_with_pytorch, gradient_is_right, network_agrees};
use formwork::prelude::*;
use formwork::typenum::{U0, U1, U2, U3, U4, U5, U6, U7, U8, U9, U10, U18, U34};

type Plainly = Conv2d<U4, U3>;
type Padded = Conv2d<U18, U3, U1, U2>;
type Strided = Conv2d<U4, U3, U2, U1>;
type Dilated = Conv2d<U4, U3, U1, U1, U2>;
type Grouped = Conv2d<U6, U3, U1, U1, U1, U2>;
type Depthwise = Conv2d<U5, U3, U2, U1, U1, U5>;
type Rectangular = Conv2d<U3, U3, U1, U1, U1, U1, U0, U5, U2>;
type Pointwise = Conv2d<U5, U1>;
type Everything = Conv2d<U34, U3, U3, U4, U2, U2>;

#[test]
fn values_agree_with_pytorch() {
    agrees_with_pytorch::<Plainly, Image<U3, U7, U6>>(&[
        -0.45026969883,
        -16.2617151891,
        -1.87915361211,
        -1.30526690738,
    ]);
    agrees_with_pytorch::<Padded, Image<U3, U5, U6>>(&[
        78.5404352878,
        -0.880818390603,
        -104.436456064,
        -0.544168132228,
    ]);
    agrees_with_pytorch::<Strided, Image<U3, U8, U7>>(&[
        -1.82988399211,
        -61.0742058125,
        -3.37673118036,
        2.0772497859,
    ]);
    agrees_with_pytorch::<Dilated, Image<U3, U7, U8>>(&[
        14.9708041393,
        -1.75933530295,
        5.73421387042,
        -1.36557689192,
    ]);
    agrees_with_pytorch::<Grouped, Image<U4, U5, U5>>(&[
        5.14843474715,
        7.45491461409,
        -2.68480580565,
        -0.989387236363,
    ]);
    agrees_with_pytorch::<Depthwise, Image<U5, U6, U6>>(&[
        -7.40732875402,
        5.35341793867,
        -0.693830243832,
        0.147116092594,
    ]);
    agrees_with_pytorch::<Rectangular, Image<U2, U6, U7>>(&[
        2.29812817622,
        6.26441300202,
        -20.8245530005,
    ]);
    agrees_with_pytorch::<Pointwise, Image<U6, U4, U5>>(&[
        -15.9145193714,
        0.446764475335,
        -0.920252201273,
        1.43554375817,
    ]);
    agrees_with_pytorch::<Everything, Image<U4, U9, U10>>(&[
        1.744771346,
        9.13539419178,
        1.04649612184,
        1.68802697838,
    ]);
}

#[test]
fn gradients_agree_with_differences() {
    gradient_is_right::<Plainly, Image<U3, U7, U6>>();
    gradient_is_right::<Padded, Image<U3, U5, U6>>();
    gradient_is_right::<Strided, Image<U3, U8, U7>>();
    gradient_is_right::<Dilated, Image<U3, U7, U8>>();
    gradient_is_right::<Grouped, Image<U4, U5, U5>>();
    gradient_is_right::<Depthwise, Image<U5, U6, U6>>();
    gradient_is_right::<Rectangular, Image<U2, U6, U7>>();
    gradient_is_right::<Pointwise, Image<U6, U4, U5>>();
    gradient_is_right::<Everything, Image<U4, U5, U4>>();
}

network! {
    struct DownAndAcross: Image<3, 7, 6> => Image<4, 4, 8> {
        conv: Conv2d<4, 3, stride = 2, pad = 1, kernel_width = 2, stride_width = 1, pad_width = 2, dilation_width = 2>,
    }
}
network! {
    struct OnOneSide: Image<3, 4, 5> => Image<4, 7, 4> {
        conv: Conv2d<4, 3, pad_top = 2, pad_bottom = 3, pad_left = 1>,
    }
}
network! {
    /// Filters of 2 x 5, of which one border is larger than that on the other side.
    struct Same: Image<3, 5, 6> => Image<4, 5, 6> {
        conv: Conv2d<4, 2, dilation = 3, kernel_width = 5, dilation_width = 1, same = 1>,
    }
}
network! {
    /// A pixel for each stride: of 6 rows with one more, and of 7 columns between one on each side.
    struct SameStrided: Image<3, 6, 7> => Image<4, 3, 4> {
        conv: Conv2d<4, 3, stride = 2, same = 1>,
    }
}

#[test]
fn options_agree_with_pytorch() {
    network_agrees::<DownAndAcross>(&[
        1.76359826235,
        -2.3996893752,
        -64.6151838594,
        -0.603571441634,
    ]);
    network_agrees::<OnOneSide>(&[3.96337114014, 6.15313886265, 0.385997284228, -0.2392440738]);
    network_agrees::<Same>(&[7.18355108836, 8.73233830414, -4.67725036375, -1.36557689192]);
    network_agrees::<SameStrided>(&[10.9701160226, -6.42057232153, 2.3624412232, -1.41223511761]);
}
