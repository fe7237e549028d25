//! Images as flat vectors.

use crate::images::{gradient_is_right, run};
use formwork::prelude::*;
use formwork::typenum::{U3, U4, U5};

/// Of two samples in the order channels, height, width, nothing moves.
#[test]
fn the_order_is_channels_height_width() {
    let outcome = run::<Flatten, Image<U3, U4, U5>, f64>(2);
    let x: Vec<f64> = (0..120).map(|i| f64::from(i + 1).sin()).collect();
    assert_eq!(outcome.y, x);
}

#[test]
fn gradients_agree_with_differences() {
    gradient_is_right::<Flatten, Image<U3, U4, U5>>();
}
