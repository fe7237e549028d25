//! What the tests of layers over images share: values and gradients against PyTorch
//! (`tests/reference/conv.py`, which says what the inputs are), and against central differences.

use crate::harness::Passes;
use core::ops::Range;
use formwork::Network;
use formwork::gradcheck::GradCheck;
use formwork::kernel::Real;
use formwork::layer::{Layer, Plain, TensorVisitor, as_mut_slice, as_slice};
use formwork::shape::{Shape, to_channels_first, to_channels_last};

/// `y`, `dx` and the gradient by the parameters, the first two in the order channels, height,
/// width.
pub struct Outcome<T> {
    pub y: Vec<T>,
    pub dx: Vec<T>,
    pub gradient: Vec<T>,
}

/// Takes a layer forward and backward on the inputs that the script uses.
pub fn run<L: Layer<In>, In: Shape, T: Real>(samples: usize) -> Outcome<T> {
    let mut passes = Passes::<L, In, T>::new(samples);
    set_parameters::<L::Params<T>, T>(&mut passes.params);
    let x = fill(samples * In::SIZE, &|i| (i + 1.0).sin());
    let dy = fill(samples * L::Out::SIZE, &|i| (0.7 * i + 1.0).cos());
    let (x, dy) =
        (turned(to_channels_last::<In, T>, &x), turned(to_channels_last::<L::Out, T>, &dy));
    // Twice: what the first pass leaves must not show in the second.
    passes.train(&x, &dy, 1);
    let (y, dx) = passes.train(&x, &dy, 1);
    Outcome {
        y: turned(to_channels_first::<L::Out, T>, &y),
        dx: turned(to_channels_first::<In, T>, &dx),
        gradient: as_slice(&*passes.gradient).to_vec(),
    }
}

/// Numbers of a function of 0, 1, ..
pub fn fill<T: Real>(len: usize, f: &dyn Fn(f64) -> f64) -> Vec<T> {
    (0..len).map(|i| T::of(f(i as f64))).collect()
}

/// Sets parameters as the script does.
pub fn set_parameters<P: Plain<T>, T: Real>(params: &mut P) {
    let values = as_mut_slice(params);
    each_tensor::<P, T>(|name, range| {
        let bias = name.ends_with("bias");
        let f = |i: f64| if bias { (2.0 * i + 1.0).sin() } else { (i + 1.0).cos() };
        let len = range.len();
        values[range].copy_from_slice(&fill(len, &f));
    });
}

fn turned<T: Real>(turn: fn(&mut [T], &[T]), x: &[T]) -> Vec<T> {
    let mut turned = x.to_vec();
    turn(&mut turned, x);
    turned
}

pub fn each_tensor<P: Plain<T>, T>(mut f: impl FnMut(&str, Range<usize>)) {
    P::tensors(&mut TensorVisitor::new(&mut |name, _, range| f(name, range)));
}

pub fn told(tensor: &[f64]) -> f64 {
    tensor.iter().enumerate().map(|(i, v)| v * (0.3 * i as f64 + 0.5).sin()).sum()
}

#[track_caller]
pub fn agrees_with_pytorch<L: Layer<In>, In: Shape>(expected: &[f64]) {
    let outcome = run::<L, In, f64>(2);
    let mut found = vec![told(&outcome.y), told(&outcome.dx)];
    each_tensor::<L::Params<f64>, f64>(|_, range| found.push(told(&outcome.gradient[range])));
    assert_eq!(found.len(), expected.len(), "{}", core::any::type_name::<L>());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9, "{found} should be {expected}");
    }
}

/// A network of one layer, by values and gradients.
#[track_caller]
pub fn network_agrees<N: Network>(expected: &[f64]) {
    agrees_with_pytorch::<N, N::Input>(expected);
    gradient_is_right::<N, N::Input>();
}

#[track_caller]
pub fn gradient_is_right<L: Layer<In>, In: Shape>() {
    let passed = GradCheck::new(3).columns(2).layer::<L, In>();
    passed.unwrap_or_else(|wrong| panic!("{}: {wrong}", core::any::type_name::<L>()));
}
