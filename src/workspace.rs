//! All memory of a training step, and of inference: made once, used for every batch.

use crate::Model;
use crate::buffer::Buffer;
use crate::data::{Batch, Sample};
use crate::kernel::Real;
use crate::layer::{Backward, Context, Layer, Mode, State};
use crate::loss::Loss;
use crate::memory::{Tape, Watch, differs, to_channels_first, to_channels_last};
use crate::network::Network;
use crate::plain;
use crate::shape::{Columns, ColumnsMut, Elements, Shape};
use alloc::boxed::Box;
use alloc::string::String;
use rand::SeedableRng;

/// The generator that training draws from: fast, portable, and seeded.
pub type Generator = rand_xoshiro::Xoshiro256PlusPlus;

/// The memory of inference for batches of up to a number of columns.
///
/// ```
/// use formwork::data::{Batch, Grid};
/// use formwork::prelude::*;
/// use rand::SeedableRng;
///
/// network! {
///     struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> }
/// }
///
/// let model = Model::<Gate>::new(&mut Generator::seed_from_u64(1));
/// let mut inference = Inference::<Gate>::new(4);
/// let batch = Batch::<Grid<2>>::from_rows([[0.0, 1.0], [1.0, 1.0]]);
/// assert_eq!(inference.run(&model, &batch).len(), 2);
/// ```
pub struct Inference<N: Network, T: Real = f32> {
    pass: Pass<N, T>,
    lanes: usize,
}

impl<N: Network, T: Real> Inference<N, T> {
    /// Memory for batches of up to `columns` columns, each a sequence of its own.
    pub fn new(columns: usize) -> Self {
        Self::with_lanes(columns, columns)
    }

    /// Memory for up to `columns` columns in all, in up to `lanes` sequences, time-major.
    pub fn with_lanes(columns: usize, lanes: usize) -> Self {
        Self { pass: Pass::new(columns, lanes, false), lanes }
    }

    /// The outputs for a batch, a column a sample. Recurrent layers go on from their state.
    ///
    /// # Panics
    /// When the batch has more columns than there is room for, or they are not the same number of
    /// steps for each lane.
    pub fn run(&mut self, model: &Model<N, T>, batch: &Batch<N::Sample, T>) -> &[T] {
        let lanes = lanes_of(batch.columns(), self.lanes);
        let mut cx = Context::new(Mode::Inference, lanes);
        self.pass.forward(model, elements(batch), &mut cx);
        self.pass.output(batch.columns(), lanes)
    }

    /// The path of the first layer whose output for the batch is not finite, if there is one.
    pub fn first_not_finite(
        &mut self,
        model: &Model<N, T>,
        batch: &Batch<N::Sample, T>,
    ) -> Option<String> {
        let mut watch = Watch::default();
        let lanes = lanes_of(batch.columns(), self.lanes);
        let mut cx = Context { watch: Some(&mut watch), ..Context::new(Mode::Inference, lanes) };
        self.pass.forward(model, elements(batch), &mut cx);
        watch.found
    }

    /// The state of recurrent layers.
    pub fn state_mut(&mut self) -> &mut N::State<T> {
        &mut self.pass.state
    }
}

/// The memory of training for batches of up to a number of columns: activations, gradients, what
/// backward needs, and the generator that layers such as dropout draw from.
pub struct Workspace<N: Network, T: Real = f32> {
    pass: Pass<N, T>,
    gradient: Box<N::Params<T>>,
    doutput: Buffer<T>,
    columns: usize,
    lanes: usize,
    rng: Generator,
}

impl<N: Network, T: Real> Workspace<N, T> {
    /// Memory for batches of up to `columns` columns, each a sequence of its own.
    pub fn new(columns: usize, seed: u64) -> Self {
        Self::with_lanes(columns, columns, seed)
    }

    /// Memory for up to `columns` columns in all, in up to `lanes` sequences, time-major.
    pub fn with_lanes(columns: usize, lanes: usize, seed: u64) -> Self {
        Self {
            pass: Pass::new(columns, lanes, true),
            gradient: plain::zeroed(),
            doutput: Buffer::zeroed(N::Output::SIZE * columns),
            columns: 0,
            lanes,
            rng: Generator::seed_from_u64(seed),
        }
    }

    /// Starts the generator that layers such as dropout draw from anew.
    pub fn reseed(&mut self, seed: u64) {
        self.rng = Generator::seed_from_u64(seed);
    }

    /// Goes forward in training, and returns the outputs, a column a sample.
    ///
    /// # Panics
    /// When the batch has more columns than there is room for, or they are not the same number of
    /// steps for each lane.
    pub fn forward(&mut self, model: &Model<N, T>, batch: &Batch<N::Sample, T>) -> &[T] {
        self.columns = batch.columns();
        let lanes = lanes_of(self.columns, self.lanes);
        let mut cx = Context::new(Mode::Training(&mut self.rng), lanes);
        self.pass.forward(model, elements(batch), &mut cx);
        self.pass.output(self.columns, lanes)
    }

    /// The loss of the outputs of the last [`forward`](Self::forward), whose gradient is kept for
    /// [`backward`](Self::backward).
    ///
    /// # Panics
    /// When there is not one target for each column.
    pub fn loss<L: Loss<N::Outputs>>(&mut self, loss: &L, targets: &Batch<L::Target, T>) -> T {
        let columns = <N as Layer<N::Input>>::columns(self.columns, self.lanes.min(self.columns));
        let len = N::Output::SIZE * columns;
        loss.evaluate(&self.pass.output[..len], targets, Some(&mut self.doutput[..len]))
    }

    /// Goes backward from the gradient of the loss, and returns the gradient by the parameters.
    /// Model and batch must be those of the last [`forward`](Self::forward).
    ///
    /// # Panics
    /// When the batch has another number of columns.
    pub fn backward(&mut self, model: &Model<N, T>, batch: &Batch<N::Sample, T>) -> &[T] {
        assert_eq!(batch.columns(), self.columns, "the batch of the last forward pass");
        let lanes = self.lanes.min(self.columns);
        let mut cx = Context::new(Mode::Training(&mut self.rng), lanes);
        let columns = <N as Layer<N::Input>>::columns(self.columns, lanes);
        let len = N::Output::SIZE * columns;
        let pass = Backward {
            x: entered::<N, T>(&self.pass.input, elements(batch)),
            y: Columns::from_numbers(&self.pass.output[..len]),
            dy: ColumnsMut::new(&mut self.doutput[..len]),
            dx: None,
        };
        N::backward(&model.params, &mut self.gradient, pass, &mut self.pass.tape, &mut cx);
        plain::as_slice(&*self.gradient)
    }

    /// Brings the model's statistics up to date with the last forward pass.
    pub fn observe(&mut self, model: &mut Model<N, T>) {
        <N as Layer<N::Input>>::observe::<T>(&mut model.stats, &self.pass.tape);
    }

    /// The gradient by the parameters, of the last backward pass.
    pub fn gradient(&self) -> &N::Params<T> {
        &self.gradient
    }

    /// The gradient by the parameters, in the order of the layers, to be clipped.
    pub fn gradient_mut(&mut self) -> &mut [T] {
        plain::as_mut_slice(&mut *self.gradient)
    }

    /// The gradient of the loss by the outputs, which [`loss`](Self::loss) sets, for a loss of
    /// one's own.
    pub fn output_gradient_mut(&mut self) -> &mut [T] {
        &mut self.doutput
    }

    /// The state of recurrent layers.
    pub fn state_mut(&mut self) -> &mut N::State<T> {
        &mut self.pass.state
    }
}

/// What a pass in either mode needs.
pub(crate) struct Pass<N: Network, T: Real> {
    tape: Box<N::Tape<T>>,
    state: N::State<T>,
    /// The input with the channels innermost, where the batch has them otherwise.
    input: Buffer<T>,
    output: Buffer<T>,
    /// The output in the order channels, height, width, where that differs.
    shown: Buffer<T>,
}

impl<N: Network, T: Real> Pass<N, T> {
    pub(crate) fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let copy =
            |differs: bool, size: usize| Buffer::zeroed(if differs { size * columns } else { 0 });
        Self {
            tape: Box::new(Tape::new(columns, lanes, training)),
            state: State::new(lanes),
            input: copy(differs::<N::Input>(), N::Input::SIZE),
            output: copy(true, N::Output::SIZE),
            shown: copy(differs::<N::Output>(), N::Output::SIZE),
        }
    }

    pub(crate) fn state_mut(&mut self) -> &mut N::State<T> {
        &mut self.state
    }

    /// Goes forward over columns, images with their channels outermost.
    #[inline]
    pub(crate) fn forward(
        &mut self,
        model: &Model<N, T>,
        columns: Elements<'_, T>,
        cx: &mut Context<'_, T>,
    ) {
        if let (true, Elements::Numbers(x)) = (differs::<N::Input>(), columns) {
            to_channels_last::<N::Input, T>(&mut self.input[..x.len()], x);
        }
        let x = entered::<N, T>(&self.input, columns);
        let columns = <N as Layer<N::Input>>::columns(x.count(), cx.lanes);
        let y = &mut self.output[..N::Output::SIZE * columns];
        let y = ColumnsMut::new(y);
        N::forward(&model.params, &model.stats, &mut self.state, x, y, &mut self.tape, cx);
    }

    /// The outputs of as many columns, images with their channels outermost.
    #[inline]
    pub(crate) fn output(&mut self, columns: usize, lanes: usize) -> &[T] {
        let columns = <N as Layer<N::Input>>::columns(columns, lanes);
        let output = &self.output[..N::Output::SIZE * columns];
        if !differs::<N::Output>() {
            return output;
        }
        let shown = &mut self.shown[..output.len()];
        to_channels_first::<N::Output, T>(shown, output);
        shown
    }
}

/// The number of sequences in a batch, where there is room for `most`.
#[track_caller]
fn lanes_of(columns: usize, most: usize) -> usize {
    let lanes = most.min(columns);
    assert!(
        columns == 0 || columns.is_multiple_of(lanes),
        "{columns} columns are not the same number of steps for each of {lanes} lanes"
    );
    lanes
}

fn elements<S: Sample, T: Real>(batch: &Batch<S, T>) -> Elements<'_, T> {
    S::elements(batch.data())
}

/// Columns as the network sees them, once `copy` holds them with the channels innermost where needed.
fn entered<'a, N: Network, T: Real>(
    copy: &'a [T],
    columns: Elements<'a, T>,
) -> Columns<'a, N::Input, T> {
    let elements = match columns {
        Elements::Numbers(x) if differs::<N::Input>() => Elements::Numbers(&copy[..x.len()]),
        as_they_are => as_they_are,
    };
    Columns::new(N::Input::from_elements(elements).expect("a network and its samples agree"))
}
