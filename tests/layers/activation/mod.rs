//! Functions of each element, and softmax: a file for each, and what they share.

mod elu;
mod gated;
mod gelu;
mod gelu_tanh;
mod glu;
mod hard_sigmoid;
mod hard_swish;
mod hard_tanh;
mod leaky_hard_tanh;
mod leaky_relu;
mod prelu;
mod relu;
mod relu6;
mod sigmoid;
mod silu;
mod softmax;
mod softplus;
mod softsign;
mod tanh;

use crate::harness::{Passes, assert_near, cases, passes};
use formwork::gradcheck::GradCheck;
use formwork::layer::{Layer, Value};
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U3, U10};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

const X: [f64; 10] = [-30.0, -3.5, -2.0, -0.5, -1e-3, 2e-3, 0.7, 2.9, 4.0, 25.0];
const DY: [f64; 10] = [1.0, -2.0, 3.0, -4.0, 5.0, -6.0, 7.0, -8.0, 9.0, -10.0];

/// What `tests/reference/layers.py` prints for the input `X` and the gradient `DY`.
struct Reference {
    y: [f64; 10],
    dx: [f64; 10],
}

type Ten = Vector<U10>;
type Small = Image<U2, U3, U1>;

/// In both precisions.
#[track_caller]
fn agrees_with_pytorch<L: Layer<Ten>>(reference: &Reference) {
    let (y, dx) = Passes::<L, Ten>::new(1).train(&X, &DY, 0);
    assert_near("y", &y, &reference.y, 1e-11);
    assert_near("dx", &dx, &reference.dx, 1e-11);
    let [x, dy] = [X, DY].map(|values| values.map(|v| v as f32));
    let (y, dx) = Passes::<L, Ten, f32>::new(1).train(&x, &dy, 0);
    assert_near("y in f32", &y, &reference.y, 2e-6);
    assert_near("dx in f32", &dx, &reference.dx, 1e-5);
}

/// At random inputs.
#[track_caller]
fn gradients_are_right<L: Layer<In>, In: Shape>() {
    let result = TestRunner::new(cases(24)).run(&(any::<u64>(), 1..5_usize), |(seed, columns)| {
        passes(GradCheck::new(seed).columns(columns).layer::<L, In>())
    });
    result.unwrap_or_else(|wrong| panic!("{}: {wrong}", core::any::type_name::<L>()));
}

#[track_caller]
fn stays_not_a_number<L: Layer<Vector<U1>>>() {
    let (y, _) = Passes::<L, Vector<U1>, f32>::new(1).train(&[f32::NAN], &[1.0], 0);
    assert!(y[0].is_nan());
}

/// What comes out of three numbers in single precision, and the derivative there.
fn at<L: Layer<Vector<U3>, Out = Vector<U3>>>(x: [f32; 3]) -> [[f32; 3]; 2] {
    let (y, dx) = Passes::<L, Vector<U3>, f32>::new(1).train(&x, &[1.0; 3], 0);
    [y, dx].map(|values| values.try_into().unwrap())
}

/// An argument that is refused.
#[derive(Clone, Copy)]
struct Negative;

impl Value<f64> for Negative {
    const VALUE: Option<f64> = Some(-0.5);
    const TEXT: &'static str = "-0.5";
}
