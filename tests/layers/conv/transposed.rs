//! Transposed convolutions.

use crate::images::{agrees_with_pytorch, gradient_is_right};
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
