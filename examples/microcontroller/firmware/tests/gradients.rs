//! Gradients of what is compiled for a microcontroller, which learns there if it is to.

use formwork::gradcheck::{GradCheck, WrongGradient};
use formwork::prelude::*;

network! {
    struct Images: Image<2, 5, 5> => Vector<3> {
        conv: Conv2d<3, 3, pad = 1>,
        Tanh,
        up: ConvTranspose2d<2, 2>,
        fc: Dense<3>,
    }
}

network! {
    struct Sequences: Vector<3> => Vector<2> {
        lstm: Lstm<5>,
        gru: Gru<4>,
        rnn: Rnn<3>,
        fc: Dense<2>,
    }
}

#[test]
fn products_convolutions_and_recurrent_layers_have_right_gradients() -> Result<(), WrongGradient> {
    GradCheck::new(1).columns(2).network::<Images>()?;
    GradCheck::new(1).columns(6).lanes(2).network::<Sequences>()?;
    GradCheck::new(1).columns(3).lanes(1).network::<Sequences>().map(|_| ())
}
