//! The exponential linear unit.

use super::{
    Negative, Reference, Small, Ten, agrees_with_pytorch, gradients_are_right, stays_not_a_number,
};
use crate::harness::Passes;
use formwork::layer::Layer;
use formwork::prelude::*;
use formwork::typenum::U1;

network! { struct Half: Vector<10> => Vector<10> { Elu(0.5) } }

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<Elu>(&PYTORCH);
    agrees_with_pytorch::<Half>(&HALF);
}

#[test]
fn gradients_agree_with_differences() {
    gradients_are_right::<Elu, Small>();
    gradients_are_right::<Half, Ten>();
}

#[test]
fn what_is_not_a_number_stays_so() {
    stays_not_a_number::<Elu>();
}

/// Near zero the values are differences of numbers near 1, but keep their relative precision.
#[test]
fn nothing_cancels_near_zero() {
    let (y, _) = Passes::<Elu, Vector<U1>, f32>::new(1).train(&[-1e-6], &[1.0], 0);
    assert!((y[0] / -1e-6 - 1.0).abs() < 1e-5, "{}", y[0]);
}

/// `e^x`, which nothing is left of in `y + 1`.
#[test]
fn derivatives_far_below_zero_keep_their_precision() {
    for (x, expected) in [(-13.0_f32, 2.260_329_4e-6), (-20.0, 2.061_153_6e-9)] {
        let (_, dx) = Passes::<Elu, Vector<U1>, f32>::new(1).train(&[x], &[1.0], 0);
        assert!((dx[0] / expected - 1.0).abs() < 1e-5, "{x}: {}", dx[0]);
    }
}

#[test]
#[should_panic = "layer `x`: the alpha of Elu must be finite and at least 0, but is -0.5"]
fn a_negative_alpha_is_refused() {
    <Elu<Negative> as Layer<Ten>>::CHECK.report("x");
}

#[rustfmt::skip]
const PYTORCH: Reference = Reference {
    y: [-1.0, -0.969802616578, -0.864664716763, -0.393469340287, -0.000999500166625, 0.002, 0.7, 2.9, 4.0, 25.0],
    dx: [9.35762296884e-14, -0.0603947668446, 0.40600584971, -2.42612263885, 4.99500249917, -6.0, 7.0, -8.0, 9.0, -10.0],
};
#[rustfmt::skip]
const HALF: Reference = Reference {
    y: [-0.5, -0.484901308289, -0.432332358382, -0.196734670144, -0.000499750083313, 0.002, 0.7, 2.9, 4.0, 25.0],
    dx: [4.67881148442e-14, -0.0301973834223, 0.203002924855, -1.21306131943, 2.49750124958, -6.0, 7.0, -8.0, 9.0, -10.0],
};
