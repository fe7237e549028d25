//! Pools that keep the largest pixel of a window.

use crate::harness::Passes;
use crate::images::{agrees_with_pytorch, gradient_is_right, network_agrees};
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

network! {
    struct DownAndAcross: Image<3, 7, 6> => Image<3, 4, 4> {
        MaxPool<3, stride = 2, pad = 1, kernel_width = 2, stride_width = 1, pad_width = 0, dilation_width = 2>,
    }
}
network! {
    struct OfTheRest: Image<3, 5, 7> => Image<3, 3, 4> {
        MaxPool<2, ceil = 1>,
    }
}
network! {
    struct Same: Image<3, 4, 5> => Image<3, 4, 5> {
        MaxPool<3, stride = 1, same = 1>,
    }
}

#[test]
fn options_agree_with_pytorch() {
    network_agrees::<DownAndAcross>(&[3.5364220323, 10.6420817298]);
    network_agrees::<OfTheRest>(&[6.42652246576, -0.850670153483]);
    network_agrees::<Same>(&[4.59411074229, -15.2920652545]);
}
