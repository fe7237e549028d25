//! What the tests of layers share: one layer's passes, without a network around it, and gradient
//! checks as property tests.

use formwork::declare;
use formwork::gradcheck::{Cause, Passed, WrongGradient};
use formwork::kernel::{Buffer, Real};
use formwork::layer::{
    Backward, Context, Forward, Layer, Mode, Nonlinearity, Scratch, State, Tape, zeroed,
};
use formwork::prelude::*;
use formwork::shape::{columns, columns_mut};
use proptest::test_runner::{Config, TestCaseError};
use rand::{RngExt, SeedableRng};

/// For property tests: so many cases, and no file of failures.
pub fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// A gradient check as the result of a property test; values that meet a kink do not count.
pub fn passes(result: Result<Passed, WrongGradient>) -> Result<(), TestCaseError> {
    match result {
        Ok(_) => Ok(()),
        Err(wrong) if wrong.cause == Cause::Kink => Err(TestCaseError::reject(wrong.to_string())),
        Err(wrong) => Err(TestCaseError::fail(wrong.to_string())),
    }
}

/// A layer with all that its passes need; columns are those of a network, channels innermost.
pub struct Passes<L: Layer<In>, In: Shape, T: Real = f64> {
    pub params: Box<L::Params<T>>,
    pub stats: Box<L::Stats<T>>,
    pub tape: L::Tape<T>,
    scratch: Buffer<T>,
    pub gradient: Box<L::Params<T>>,
    /// The sequences that columns belong to; none where each is one of its own.
    pub lanes: Option<usize>,
}

impl<L: Layer<In>, In: Shape, T: Real> Passes<L, In, T> {
    /// The layer as it starts, with room for `columns`.
    pub fn new(columns: usize) -> Self {
        let (mut params, mut stats) = (zeroed(), zeroed());
        let mut rng = Generator::seed_from_u64(1);
        L::init::<T>(&mut params, &mut stats, Nonlinearity::Linear, &mut rng);
        let tape = Tape::new(columns, columns, true);
        let scratch = Scratch::of::<L::Tape<T>, T>(columns, true);
        Self { params, stats, tape, scratch, gradient: zeroed(), lanes: None }
    }

    /// The output for `x`.
    pub fn forward(&mut self, x: &[T], mode: Mode<'_>) -> Vec<T> {
        let count = x.len() / In::SIZE;
        let lanes = self.lanes.unwrap_or(count);
        self.soil();
        let mut y = vec![T::of(f64::NAN); L::STEPS.columns(count, lanes) * L::Out::SIZE];
        declare::forward(
            "layer",
            Forward::<L, In, T> {
                params: &self.params,
                stats: &self.stats,
                state: &mut State::new(lanes),
                tape: &mut self.tape,
                x: columns(x),
                ids: columns(&[]),
                y: columns_mut(&mut y),
                cx: Context { scratch: &mut self.scratch, ..Context::new(mode, lanes) },
            },
        );
        y
    }

    /// The output for `x` in training and the gradient by `x`, with random numbers from `seed`; that
    /// by the parameters is left in `gradient`.
    pub fn train(&mut self, x: &[T], dy: &[T], seed: u64) -> (Vec<T>, Vec<T>) {
        let mut rng = Generator::seed_from_u64(seed);
        let y = self.forward(x, Mode::Training(&mut rng));
        self.soil();
        let (mut dx, mut dy) = (vec![T::of(f64::NAN); x.len()], dy.to_vec());
        let lanes = self.lanes.unwrap_or(x.len() / In::SIZE);
        let cx = Context::new(Mode::Training(&mut rng), lanes);
        declare::backward(Backward::<L, In, T> {
            params: &self.params,
            gradient: &mut self.gradient,
            tape: &mut self.tape,
            x: columns(x),
            ids: columns(&[]),
            y: columns(&y),
            dy: columns_mut(&mut dy),
            dx: Some(columns_mut(&mut dx)),
            cx: Context { scratch: &mut self.scratch, ..cx },
        });
        (y, dx)
    }

    /// What other layers left in the working memory must not show.
    fn soil(&mut self) {
        self.scratch.fill(T::of(f64::NAN));
    }
}

/// `n` numbers in `[-1, 1)` that depend on the seed.
pub fn numbers<T: Real>(n: usize, seed: u64) -> Vec<T> {
    let mut rng = Generator::seed_from_u64(seed);
    (0..n).map(|_| T::of(rng.random_range(-1.0..1.0))).collect()
}

/// `count` values of `f` at 0, 1, ..
pub fn values(count: usize, f: impl Fn(f64) -> f64) -> Vec<f64> {
    (0..count).map(|i| f(i as f64)).collect()
}

/// That all numbers are as expected, up to `tolerance` in units of the larger of 1 and the number.
#[track_caller]
pub fn assert_near<T: Real>(what: &str, found: &[T], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}: numbers");
    for (i, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let error = (found.to_f64() - expected).abs();
        let allowed = tolerance * expected.abs().max(1.0);
        assert!(error <= allowed, "{what}[{i}]: expected {expected}, found {found}");
    }
}
