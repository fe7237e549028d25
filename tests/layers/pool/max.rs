//! Pools that keep the largest pixel of a window.

use crate::harness::Passes;
use crate::images::{agrees_with_pytorch, gradient_is_right};
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U3, U5, U6, U7, U8};

#[test]
fn values_agree_with_pytorch() {
    agrees_with_pytorch::<MaxPool<U2>, Image<U3, U6, U8>>(&[4.29490003781, 0.499887855783]);
    agrees_with_pytorch::<MaxPool<U3, U2, U1>, Image<U3, U7, U8>>(&[5.74080557426, -1.39987305541]);
}

#[test]
fn gradients_agree_with_differences() {
    gradient_is_right::<MaxPool<U2>, Image<U3, U5, U6>>();
    gradient_is_right::<MaxPool<U3, U2, U1>, Image<U3, U7, U8>>();
}

/// Also where the first of the window lies in the border, which counts for nothing.
#[test]
fn of_windows_of_negative_infinity_the_first_pixel_is_the_largest() {
    let x = [f64::NEG_INFINITY; 4];
    let (y, dx) = Passes::<MaxPool<U3, U2, U1>, Image<U1, U2, U2>>::new(1).train(&x, &[1.0], 1);
    assert_eq!((y, dx), (vec![f64::NEG_INFINITY], vec![1.0, 0.0, 0.0, 0.0]));
}

#[test]
fn the_first_of_equal_pixels_is_the_largest_and_not_a_number_is_seen() {
    let mut passes = Passes::<MaxPool<U2>, Image<U1, U2, U2>>::new(1);
    let mut run = |x: [f64; 4]| passes.train(&x, &[1.0], 1);
    assert_eq!(run([1.0, 3.0, 3.0, 2.0]), (vec![3.0], vec![0.0, 1.0, 0.0, 0.0]));
    let (y, dx) = run([1.0, f64::NAN, 3.0, 2.0]);
    assert!(y[0].is_nan());
    assert_eq!(dx, [0.0, 1.0, 0.0, 0.0]);
}
