//! Checks gradients: what backward gives against central differences of forward.
//!
//! ```text
//! loss      a random linear function of the outputs, or a loss with its targets
//! expected  (4 d(h/2) - d(h)) / 3   with   d(h) = (loss(v + h) - loss(v - h)) / 2h
//! ```
//!
//! Everything is computed in `f64`, in training mode, with the same random numbers in each pass:
//! dropout draws the same mask. The input and every parameter are checked, one element after the
//! other, so choose small dimensions.
//!
//! ```
//! use formwork::gradcheck::GradCheck;
//! use formwork::prelude::*;
//! use formwork::typenum::{U3, U4};
//!
//! // A layer,
//! GradCheck::new(1).layer::<Dense<U3>, Vector<U4>>()?;
//!
//! // and a network, in three sequences of two steps.
//! network! {
//!     struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> }
//! }
//! let passed = GradCheck::new(1).columns(6).lanes(3).network::<Gate>()?;
//! assert_eq!(passed.checked, 6 * 2 + Gate::PARAMETERS);
//! # Ok::<(), formwork::gradcheck::WrongGradient>(())
//! ```

use crate::data::Batch;
use crate::declare;
use crate::kernel::Buffer;
use crate::layer::{
    Backward, Context, Forward, Layer, Mode, Nonlinearity, Plain, Scratch, State, Tape,
    TensorVisitor, as_mut_slice, as_slice, zeroed,
};
use crate::loss::Loss;
use crate::shape::{Columns, Elements, Shape, columns, columns_mut, differs, to_channels_last};
use crate::{Generator, Model, Network};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use nalgebra::{DimName, Dyn, MatrixView, MatrixViewMut};
use rand::{RngExt, SeedableRng};

/// The steps of the differences. The second is for elements with a kink, also one of the slope,
/// within the first.
const STEPS: [f64; 2] = [1e-4, 1e-6];

/// How to check a gradient.
#[derive(Clone, Copy, Debug)]
pub struct GradCheck {
    seed: u64,
    columns: usize,
    lanes: Option<usize>,
    carry: bool,
    relative: f64,
    absolute: f64,
}

/// A gradient that is right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passed {
    /// How many elements of the input and the parameters were checked.
    pub checked: usize,
    /// The largest difference between an expected element and the one found.
    pub largest_error: f64,
}

/// The first element of a gradient that is wrong, and how many there are.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongGradient {
    /// Where: `fc1.weight[3][7]`, or `input[0][5]` for feature 5 of column 0.
    pub element: String,
    /// What central differences say.
    pub expected: f64,
    /// What backward gave.
    pub found: f64,
    /// In what way it is wrong.
    pub cause: Cause,
    /// How many elements are wrong.
    pub wrong: usize,
    /// How many elements were checked.
    pub checked: usize,
}

/// In what way an element of a gradient is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It is another number than the differences give.
    Differs,
    /// There is no derivative here: the loss has a kink, as a rectifier has at zero. Nothing is
    /// said of the gradient; check it at other values.
    Kink,
    /// It is right by itself, but was not added to the gradient that was there, as
    /// [`Context::accumulate`] asks.
    NotAccumulated,
    /// It is no gradient but an output that depends on the input of another sequence, which
    /// [`Layer::MIXES_LANES`] does not say.
    Mixes,
}

impl fmt::Display for WrongGradient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { element, expected, found, wrong, checked, .. } = self;
        match self.cause {
            Cause::Differs => {
                write!(f, "gradient by {element}: expected {expected:e}, found {found:e}")?;
            }
            Cause::Kink => write!(f, "gradient by {element}: the loss has a kink there")?,
            Cause::NotAccumulated => write!(
                f,
                "gradient by {element}, accumulated: expected {expected:e}, found {found:e}"
            )?,
            Cause::Mixes => write!(
                f,
                "{element} is {expected:e}, and {found:e} for another input of sequence 0, but \
                 `MIXES_LANES` of the layer is false"
            )?,
        }
        write!(f, " ({wrong} of {checked} elements are wrong)")
    }
}

impl core::error::Error for WrongGradient {}

/// A scalar function of the outputs, and its gradient by them where asked for.
type Criterion<'a> = dyn Fn(&[f64], Option<&mut [f64]>) -> f64 + 'a;

impl GradCheck {
    /// A check of 3 columns, each a sequence of its own; whatever is random follows from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed, columns: 3, lanes: None, carry: false, relative: 1e-6, absolute: 1e-8 }
    }

    /// Checks with this many columns of random input.
    pub fn columns(self, columns: usize) -> Self {
        Self { columns, ..self }
    }

    /// Takes the columns as steps of this many sequences.
    pub fn lanes(self, lanes: usize) -> Self {
        Self { lanes: Some(lanes), ..self }
    }

    /// Starts recurrent layers from the state that a pass over the same input leaves, as a
    /// constant, rather than from the state before the first step.
    pub fn carry_state(self) -> Self {
        Self { carry: true, ..self }
    }

    /// Calls an element right that is off by at most `absolute + relative * magnitude`; at first
    /// 1e-8 and 1e-6.
    pub fn tolerance(self, relative: f64, absolute: f64) -> Self {
        Self { relative, absolute, ..self }
    }

    /// Checks a layer at random parameters and a random input.
    ///
    /// # Errors
    /// The first element that is wrong.
    ///
    /// # Panics
    /// When the layer takes ids, which this cannot choose: see [`layer_at`](Self::layer_at).
    pub fn layer<L: Layer<In>, In: Shape>(&self) -> Result<Passed, WrongGradient> {
        let mut rng = self.rng(1);
        let (mut params, mut stats) = (zeroed(), zeroed());
        L::init::<f64>(&mut params, &mut stats, Nonlinearity::Linear, &mut rng);
        // So that what starts at zero or one is at no special place.
        for p in as_mut_slice(&mut *params) {
            *p += rng.random_range(-0.5..0.5);
        }
        let x: Vec<f64> =
            (0..self.columns * In::SIZE).map(|_| rng.random_range(-2.0..2.0)).collect();
        assert!(In::NUMERIC, "a layer that takes ids is checked by `layer_at`");
        self.layer_on::<L, In>(&params, &stats, Elements::Numbers(&x), &[])
    }

    /// Checks a layer at given parameters, statistics and columns of input (images with the
    /// channels innermost).
    ///
    /// # Errors
    /// The first element that is wrong.
    pub fn layer_at<L: Layer<In>, In: Shape>(
        &self,
        params: &L::Params<f64>,
        stats: &L::Stats<f64>,
        x: &[In::Element<f64>],
    ) -> Result<Passed, WrongGradient> {
        self.layer_on::<L, In>(params, stats, In::elements(x), &[])
    }

    fn layer_on<L: Layer<In>, In: Shape>(
        &self,
        params: &L::Params<f64>,
        stats: &L::Stats<f64>,
        x: Elements<'_, f64>,
        lengths: &[usize],
    ) -> Result<Passed, WrongGradient> {
        let columns = x.len() / In::SIZE;
        let outputs = L::STEPS.columns(columns, self.lanes_of(columns, lengths)) * L::Out::SIZE;
        let mut rng = self.rng(2);
        let weights: Vec<f64> = (0..outputs).map(|_| rng.random_range(-1.0..1.0)).collect();
        self.check::<L, In>(params, stats, (x, lengths), &|y, gradient| {
            if let Some(gradient) = gradient {
                gradient.copy_from_slice(&weights);
            }
            y.iter().zip(&weights).map(|(y, w)| y * w).sum()
        })
    }

    /// Checks a network at random parameters and a random input.
    ///
    /// # Errors
    /// The first element that is wrong.
    ///
    /// # Panics
    /// When the network takes ids: see [`model`](Self::model).
    pub fn network<N: Network>(&self) -> Result<Passed, WrongGradient> {
        self.layer::<N, N::Input>()
    }

    /// Checks a network at the parameters of `model` and the samples of `batch`, which may be
    /// [sequences](Batch::from_sequences).
    ///
    /// # Errors
    /// The first element that is wrong.
    pub fn model<N: Network>(
        &self,
        model: &Model<N, f64>,
        batch: &Batch<N::Sample, f64>,
    ) -> Result<Passed, WrongGradient> {
        let numbers = entered::<N>(batch);
        let x = seen(batch.elements(), &numbers);
        let lengths = batch.lengths().unwrap_or_default();
        self.layer_on::<N, N::Input>(&model.params, &model.stats, x, lengths)
    }

    /// Checks a network together with a loss.
    ///
    /// # Errors
    /// The first element that is wrong.
    ///
    /// # Panics
    /// When there is not one target for each column that comes out.
    pub fn loss<N: Network, L: Loss<N::Outputs>>(
        &self,
        loss: &L,
        model: &Model<N, f64>,
        batch: &Batch<N::Sample, f64>,
        targets: &Batch<L::Target, f64>,
    ) -> Result<Passed, WrongGradient> {
        let numbers = entered::<N>(batch);
        let x = (seen(batch.elements(), &numbers), batch.lengths().unwrap_or_default());
        let (rows, columns) = (N::Outputs::name(), |len| Dyn(len / N::Outputs::DIM));
        self.check::<N, N::Input>(&model.params, &model.stats, x, &|y, gradient| {
            let gradient = gradient.map(|gradient| {
                let columns = columns(gradient.len());
                MatrixViewMut::from_slice_generic(gradient, rows, columns)
            });
            let outputs = MatrixView::from_slice_generic(y, rows, columns(y.len()));
            loss.evaluate(outputs, targets, gradient)
        })
    }

    /// The number of sequences in so many columns, which a batch of sequences knows by itself.
    fn lanes_of(&self, columns: usize, lengths: &[usize]) -> usize {
        if lengths.is_empty() { self.lanes.unwrap_or(columns) } else { lengths.len() }
    }

    fn rng(&self, purpose: u64) -> Generator {
        Generator::seed_from_u64(self.seed.wrapping_mul(4).wrapping_add(purpose))
    }

    fn check<L: Layer<In>, In: Shape>(
        &self,
        params: &L::Params<f64>,
        stats: &L::Stats<f64>,
        (x, lengths): (Elements<'_, f64>, &[usize]),
        criterion: &Criterion<'_>,
    ) -> Result<Passed, WrongGradient> {
        let (mut numbers, ids) = match x {
            Elements::Numbers(numbers) => (numbers.to_vec(), &[][..]),
            Elements::Ids(ids) => (Vec::new(), ids),
        };
        let count = x.len() / In::SIZE;
        let lanes = self.lanes_of(count, lengths);
        let mut subject = Subject::<L, In> {
            check: self,
            lanes,
            lengths,
            params: zeroed(),
            stats,
            ids: columns(ids),
            start: State::new(lanes),
            tape: Box::new(Tape::new(count, lanes, true)),
            scratch: Scratch::of::<L::Tape<f64>, f64>(count, true),
            y: alloc::vec![0.0; L::STEPS.columns(count, lanes) * L::Out::SIZE],
        };
        let values = as_mut_slice(&mut *subject.params);
        values.copy_from_slice(as_slice(params));
        if self.carry {
            subject.start = subject.forward(&numbers);
        }

        let [mut gradient, mut sum] = [f64::NAN, 1.0].map(|already_there| {
            let mut gradient: Box<L::Params<f64>> = zeroed();
            as_mut_slice(&mut *gradient).fill(already_there);
            gradient
        });
        let mut dx = alloc::vec![f64::NAN; numbers.len()];
        let wanted = In::NUMERIC.then_some(&mut dx[..]);
        subject.backward(&numbers, criterion, &mut gradient, wanted, false);
        subject.backward(&numbers, criterion, &mut sum, None, true);
        let (gradient, sum) = (as_mut_slice(&mut *gradient), as_mut_slice(&mut *sum));

        let mut tally = Tally { check: self, checked: 0, largest_error: 0.0, first: None };
        if !L::MIXES_LANES && !numbers.is_empty() {
            tally.compare_lanes(&mut subject, &numbers);
        }
        for i in 0..numbers.len() {
            let at = numbers[i];
            let name = || format!("input{}", input_place::<In>(i));
            tally.compare(name, dx[i], at, &mut |v| {
                numbers[i] = v;
                subject.loss(&numbers, criterion)
            });
        }
        for i in 0..gradient.len() {
            let at = as_slice(&*subject.params)[i];
            let name = || parameter_place::<L::Params<f64>>(i);
            tally.compare(name, gradient[i], at, &mut |v| {
                as_mut_slice(&mut *subject.params)[i] = v;
                subject.loss(&numbers, criterion)
            });
            if !self.close(1.0 + gradient[i], sum[i]) && gradient[i].is_finite() {
                tally.wrong(name(), Cause::NotAccumulated, 1.0 + gradient[i], sum[i]);
            }
        }
        tally.finish()
    }

    fn tolerated(&self, magnitude: f64) -> f64 {
        self.absolute + self.relative * magnitude
    }

    /// Not if one of them is not a number.
    fn close(&self, a: f64, b: f64) -> bool {
        (a - b).abs() <= self.tolerated(a.abs().max(b.abs()))
    }
}

/// A layer with all that its passes need.
struct Subject<'a, L: Layer<In>, In: Shape> {
    check: &'a GradCheck,
    lanes: usize,
    lengths: &'a [usize],
    params: Box<L::Params<f64>>,
    stats: &'a L::Stats<f64>,
    /// The input, of a layer that takes ids.
    ids: Columns<'a, u32, In::Features>,
    /// The state that every pass starts from.
    start: L::State<f64>,
    tape: Box<L::Tape<f64>>,
    scratch: Buffer<f64>,
    y: Vec<f64>,
}

impl<'a, L: Layer<In>, In: Shape> Subject<'a, L, In> {
    /// Goes forward with the same random numbers each time, and returns the state it ends in.
    fn forward(&mut self, numbers: &[f64]) -> L::State<f64> {
        let mut state = self.start.clone();
        let mut rng = self.check.rng(3);
        let cx = Context::new(Mode::Training(&mut rng), self.lanes);
        declare::forward(
            "",
            Forward::<L, In, f64> {
                params: &self.params,
                stats: self.stats,
                state: &mut state,
                tape: &mut self.tape,
                x: columns(numbers),
                ids: self.ids,
                y: columns_mut(&mut self.y),
                cx: Context { scratch: &mut self.scratch, lengths: self.lengths, ..cx },
            },
        );
        state
    }

    fn loss(&mut self, numbers: &[f64], criterion: &Criterion<'_>) -> f64 {
        self.forward(numbers);
        criterion(&self.y, None)
    }

    fn backward(
        &mut self,
        numbers: &[f64],
        criterion: &Criterion<'_>,
        gradient: &mut L::Params<f64>,
        dx: Option<&mut [f64]>,
        accumulate: bool,
    ) {
        self.forward(numbers);
        let mut dy = alloc::vec![0.0; self.y.len()];
        criterion(&self.y, Some(&mut dy));
        let mut rng = self.check.rng(3);
        let cx = Context::new(Mode::Training(&mut rng), self.lanes);
        declare::backward(Backward::<L, In, f64> {
            params: &self.params,
            gradient,
            tape: &mut self.tape,
            x: columns(numbers),
            ids: self.ids,
            y: columns(&self.y),
            dy: columns_mut(&mut dy),
            dx: dx.map(columns_mut),
            cx: Context { accumulate, scratch: &mut self.scratch, lengths: self.lengths, ..cx },
        });
    }
}

/// What has been found so far.
struct Tally<'a> {
    check: &'a GradCheck,
    checked: usize,
    largest_error: f64,
    first: Option<WrongGradient>,
}

impl Tally<'_> {
    /// Compares one element of the gradient with the differences of `loss` around `at`, and leaves
    /// the element there.
    fn compare(
        &mut self,
        name: impl Fn() -> String,
        found: f64,
        at: f64,
        loss: &mut dyn FnMut(f64) -> f64,
    ) {
        self.checked += 1;
        let middle = loss(at);
        let mut verdict = (Cause::Differs, f64::NAN);
        for h in STEPS {
            let [wide, narrow] = [h, h / 2.0].map(|h| (loss(at + h), loss(at - h), h));
            let slope = |(above, below, h): (f64, f64, f64)| (above - below) / (2.0 * h);
            // By how much the slopes above and below differ: for a smooth loss in proportion to
            // the step.
            let bend = |(above, below, h): (f64, f64, f64)| (above - 2.0 * middle + below) / h;
            let expected = (4.0 * slope(narrow) - slope(wide)) / 3.0;
            if self.check.close(expected, found) {
                loss(at);
                self.largest_error = self.largest_error.max((expected - found).abs());
                return;
            }
            let allowed = 100.0 * self.check.tolerated(expected.abs());
            let kink = (slope(wide) - slope(narrow)).abs() > allowed
                || (bend(wide) - 2.0 * bend(narrow)).abs() > allowed;
            let cause = if kink && found.is_finite() { Cause::Kink } else { Cause::Differs };
            verdict = (cause, expected);
        }
        loss(at);
        self.wrong(name(), verdict.0, verdict.1, found);
    }

    /// Compares the outputs of all sequences but the first with those for another input of that one.
    fn compare_lanes<L: Layer<In>, In: Shape>(
        &mut self,
        subject: &mut Subject<'_, L, In>,
        numbers: &[f64],
    ) {
        subject.forward(numbers);
        let before = subject.y.clone();
        let mut numbers = numbers.to_vec();
        for first in numbers.chunks_mut(subject.lanes * In::SIZE) {
            first[..In::SIZE].iter_mut().for_each(|x| *x += 1.0);
        }
        subject.forward(&numbers);
        for (i, (&before, &after)) in before.iter().zip(&subject.y).enumerate() {
            let (column, feature) = (i / L::Out::SIZE, i % L::Out::SIZE);
            if column % subject.lanes > 0 && !self.check.close(before, after) {
                self.wrong(format!("output[{column}][{feature}]"), Cause::Mixes, before, after);
            }
        }
    }

    fn wrong(&mut self, element: String, cause: Cause, expected: f64, found: f64) {
        let first = self.first.get_or_insert(WrongGradient {
            element,
            expected,
            found,
            cause,
            wrong: 0,
            checked: 0,
        });
        first.wrong += 1;
    }

    fn finish(self) -> Result<Passed, WrongGradient> {
        match self.first {
            Some(first) => Err(WrongGradient { checked: self.checked, ..first }),
            None => Ok(Passed { checked: self.checked, largest_error: self.largest_error }),
        }
    }
}

/// The numbers of a batch in the order of a network, where that is not the batch's own.
fn entered<N: Network>(batch: &Batch<N::Sample, f64>) -> Vec<f64> {
    let mut copy = Vec::new();
    if let (Elements::Numbers(x), true) = (batch.elements(), differs::<N::Input>()) {
        copy.resize(x.len(), 0.0);
        to_channels_last::<N::Input, f64>(&mut copy, x);
    }
    copy
}

/// The elements as a network sees them: `entered`, if there is anything.
fn seen<'a>(elements: Elements<'a, f64>, entered: &'a [f64]) -> Elements<'a, f64> {
    if entered.is_empty() { elements } else { Elements::Numbers(entered) }
}

/// `[column][feature]`, or `[column][channel][row][column]` in an image.
fn input_place<In: Shape>(i: usize) -> String {
    let [channels, height, width] = In::DIMS;
    let (column, at) = (i / In::SIZE, i % In::SIZE);
    if height * width == 1 {
        return format!("[{column}][{at}]");
    }
    let (pixel, channel) = (at / channels, at % channels);
    format!("[{column}][{channel}][{}][{}]", pixel / width, pixel % width)
}

/// The path of parameter `i`, with its indices.
fn parameter_place<P: Plain<f64>>(i: usize) -> String {
    let mut place = String::new();
    let mut each = |path: &str, dims: &[usize], range: core::ops::Range<usize>| {
        if range.contains(&i) {
            let mut rest = i - range.start;
            let mut indices = String::new();
            for &len in dims.iter().rev() {
                indices = format!("[{}]{indices}", rest % len);
                rest /= len;
            }
            place = path.to_string() + &indices;
        }
    };
    P::tensors(&mut TensorVisitor::new(&mut each));
    place
}
