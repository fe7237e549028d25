//! Convolutions over sequences.

use crate::images::{agrees_with_pytorch, gradient_is_right, network_agrees, run};
use formwork::prelude::*;
use formwork::typenum::{U0, U1, U2, U3, U4, U11};

type Sequence = Conv1d<U4, U3, U2, U2, U2>;

#[test]
fn values_agree_with_pytorch() {
    agrees_with_pytorch::<Sequence, Image<U3, U1, U11>>(&[
        19.5122377998,
        29.502044177,
        5.74208970194,
        -0.699286132044,
    ]);
}

#[test]
fn gradients_agree_with_differences() {
    gradient_is_right::<Sequence, Image<U3, U1, U11>>();
}

/// The same filters over an image one pixel high.
type OverImage = Conv2d<U4, U1, U2, U0, U2, U1, U1, U3, U2>;

#[test]
fn a_sequence_is_an_image_one_pixel_high() {
    let one = run::<Sequence, Image<U3, U1, U11>, f32>(3);
    let other = run::<OverImage, Image<U3, U1, U11>, f32>(3);
    assert_eq!((one.y, one.dx, one.gradient), (other.y, other.dx, other.gradient));
}

network! {
    struct Pulse: Image<3, 1, 11> => Image<4, 1, 9> { conv: Conv1d<4, 3> }
}

#[test]
fn the_weight_is_a_matrix_with_a_row_for_each_filter() {
    let mut model = Model::<Pulse>::zeroed();
    model.conv.weight[1][2][0] = 0.5;
    // Seen as its transpose: a column for each filter.
    assert_eq!(model.conv.weight.matrix::<9, 4>()[(2 * 3, 1)], 0.5);
}

network! {
    /// Sees nothing of the future.
    struct Causal: Image<3, 1, 7> => Image<4, 1, 7> {
        conv: Conv1d<4, 3, dilation = 2, pad_left = 4>,
    }
}
network! {
    struct Same: Image<3, 1, 7> => Image<4, 1, 7> {
        conv: Conv1d<4, 4, same = 1>,
    }
}

#[test]
fn options_agree_with_pytorch() {
    network_agrees::<Causal>(&[2.14506105322, -10.9689187469, -4.24443746392, 2.20150397458]);
    network_agrees::<Same>(&[2.09813852739, 5.72200197976, 19.723941459, 2.20150397458]);
}
