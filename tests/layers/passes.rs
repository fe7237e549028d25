//! One layer's passes, without a network around it.

use formwork::Buffer;
use formwork::layer::{Backward, Context, Layer, Mode, Nonlinearity, State};
use formwork::memory::{self, Owned, Scratch, Tape};
use formwork::plain;
use formwork::prelude::*;
use formwork::shape::{Columns, ColumnsMut};
use rand::SeedableRng;

/// A layer with all that its passes need; columns are those of a network, channels innermost.
pub struct Passes<L: Layer<In>, In: Shape> {
    pub params: Box<L::Params<f64>>,
    pub stats: Box<L::Stats<f64>>,
    pub tape: L::Tape<f64>,
    scratch: Buffer<f64>,
    pub gradient: Box<L::Params<f64>>,
}

impl<L: Layer<In>, In: Shape> Passes<L, In> {
    /// The layer as it starts, with room for `columns`.
    pub fn new(columns: usize) -> Self {
        let (mut params, mut stats) = (plain::zeroed(), plain::zeroed());
        let mut rng = Generator::seed_from_u64(1);
        L::init::<f64>(&mut params, &mut stats, Nonlinearity::Linear, &mut rng);
        let tape = Tape::new(columns, columns, true);
        let scratch = Scratch::of::<L::Tape<f64>, f64>(columns, true);
        Self { params, stats, tape, scratch, gradient: plain::zeroed() }
    }

    /// The output for `x`.
    pub fn forward(&mut self, x: &[f64], mode: Mode<'_>) -> Vec<f64> {
        let columns = x.len() / In::SIZE;
        let mut y = vec![f64::NAN; L::columns(columns, columns) * L::Out::SIZE];
        let own = Owned {
            params: &*self.params,
            stats: &*self.stats,
            state: &mut State::new(columns),
            tape: &mut self.tape,
        };
        let (x, out) = (Columns::from_numbers(x), ColumnsMut::new(&mut y));
        let mut cx = Context::new(mode, columns);
        let mut cx = Context { scratch: &mut self.scratch, ..cx.inner() };
        memory::forward::<L, In, f64>("", own, x, out, &mut cx);
        y
    }

    /// The output for `x` in training and the gradient by `x`; that by the parameters is left in
    /// `gradient`.
    pub fn train(&mut self, x: &[f64], dy: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut rng = Generator::seed_from_u64(2);
        let y = self.forward(x, Mode::Training(&mut rng));
        let (mut dx, mut dy) = (vec![f64::NAN; x.len()], dy.to_vec());
        let pass = Backward {
            x: Columns::from_numbers(x),
            y: Columns::from_numbers(&y),
            dy: ColumnsMut::new(&mut dy),
            dx: Some(ColumnsMut::new(&mut dx)),
        };
        let cx = Context::new(Mode::Training(&mut rng), x.len() / In::SIZE);
        let mut cx = Context { scratch: &mut self.scratch, ..cx };
        let (params, gradient) = (&self.params, &mut self.gradient);
        memory::backward::<L, In, f64>(params, gradient, pass, &mut self.tape, &mut cx);
        (y, dx)
    }
}

/// `count` values of `f` at 0, 1, ..
pub fn values(count: usize, f: impl Fn(f64) -> f64) -> Vec<f64> {
    (0..count).map(|i| f(i as f64)).collect()
}

/// That two slices agree to `tolerance`.
#[track_caller]
pub fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f - e).abs() <= tolerance, "at {i}: expected {e}, found {f}");
    }
}
