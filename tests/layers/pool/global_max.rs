//! The largest pixel of each feature map.

use crate::harness::Passes;
use crate::images::network_agrees;
use formwork::prelude::*;
use formwork::typenum::{U1, U2};

network! {
    struct Largest: Image<3, 4, 5> => Vector<3> {
        GlobalMaxPool,
    }
}

#[test]
fn options_agree_with_pytorch() {
    network_agrees::<Largest>(&[4.94203040689, 1.87780177237]);
}

#[test]
fn the_first_of_equal_pixels_is_the_largest_and_not_a_number_is_seen() {
    let mut passes = Passes::<GlobalMaxPool, Image<U1, U2, U2>>::new(1);
    let mut run = |x: [f64; 4]| passes.train(&x, &[1.0], 1);
    assert_eq!(run([1.0, 3.0, 3.0, 2.0]), (vec![3.0], vec![0.0, 1.0, 0.0, 0.0]));
    assert_eq!(run([f64::NEG_INFINITY; 4]), (vec![f64::NEG_INFINITY], vec![1.0, 0.0, 0.0, 0.0]));
    let (y, dx) = run([1.0, f64::NAN, f64::NAN, 4.0]);
    assert!(y[0].is_nan());
    assert_eq!(dx, [0.0, 1.0, 0.0, 0.0]);
}
