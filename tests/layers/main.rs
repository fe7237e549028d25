//! The layers: gradients against central differences, values against PyTorch
//! (`tests/reference/layers.py`, `tests/reference/norm.py`) and arithmetic by hand.

mod activation;
mod batch_norm;
mod concat;
mod conv;
mod dense;
mod dropout;
mod fusion;
mod gradcheck;
mod init;
mod layer_norm;
mod networks;
mod passes;
mod residual;
mod softmax;
mod tied_dense;

use formwork::gradcheck::{Cause, Passed, WrongGradient};
use formwork::kernel::Real;
use formwork::layer::{Backward, Context, Layer, Mode, State};
use formwork::memory::{self, Owned, Scratch, Tape};
use formwork::shape::{Columns, ColumnsMut, Shape};
use formwork::{Generator, plain};
use proptest::test_runner::{Config, TestCaseError};
use rand::{RngExt, SeedableRng};

/// For property tests: so many cases, and no file of failures.
fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// A gradient check as the result of a property test; values that meet a kink do not count.
fn passes(result: Result<Passed, WrongGradient>) -> Result<(), TestCaseError> {
    match result {
        Ok(_) => Ok(()),
        Err(wrong) if wrong.cause == Cause::Kink => Err(TestCaseError::reject(wrong.to_string())),
        Err(wrong) => Err(TestCaseError::fail(wrong.to_string())),
    }
}

/// `n` numbers in `[-1, 1)` that depend on the seed.
fn numbers<T: Real>(n: usize, seed: u64) -> Vec<T> {
    let mut rng = Generator::seed_from_u64(seed);
    (0..n).map(|_| T::of(rng.random_range(-1.0..1.0))).collect()
}

/// Goes forward and backward in training through a layer with all parameters zero: the outputs,
/// and the gradient by the input where that by the outputs is `dy`.
fn pass<L: Layer<In>, In: Shape, T: Real>(x: &[T], dy: &[T], seed: u64) -> (Vec<T>, Vec<T>) {
    let (mut y, mut dy) = (vec![T::ZERO; dy.len()], dy.to_vec());
    let mut dx = vec![T::ZERO; x.len()];
    let x = Columns::<In, T>::from_numbers(x);
    let lanes = x.count();
    let (params, stats) = (plain::zeroed(), plain::zeroed());
    let (mut gradient, mut state) = (plain::zeroed(), State::new(lanes));
    let mut tape = Tape::new(lanes, lanes, true);
    let mut scratch = Scratch::of::<L::Tape<T>, T>(lanes, true);
    let mut rng = Generator::seed_from_u64(seed);
    let cx = Context::new(Mode::Training(&mut rng), lanes);
    let mut cx = Context { scratch: &mut scratch, ..cx };
    let own = Owned { params: &*params, stats: &*stats, state: &mut state, tape: &mut tape };
    memory::forward::<L, In, T>("layer", own, x, ColumnsMut::new(&mut y), &mut cx);
    let (dy, dx_view) = (ColumnsMut::new(&mut dy), Some(ColumnsMut::new(&mut dx)));
    let pass = Backward { x, y: Columns::from_numbers(&y), dy, dx: dx_view };
    memory::backward::<L, In, T>(&params, &mut gradient, pass, &mut tape, &mut cx);
    (y, dx)
}

/// That all numbers are as expected, up to `tolerance` in units of the larger of 1 and the number.
#[track_caller]
fn assert_near<T: Real>(what: &str, found: &[T], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}: numbers");
    for (i, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let error = (found.to_f64() - expected).abs();
        let allowed = tolerance * expected.abs().max(1.0);
        assert!(error <= allowed, "{what}[{i}]: expected {expected}, found {found}");
    }
}
