//! All memory of a training step, and of inference: made once, used for every batch.

use crate::data::{Batch, Sample, Target};
use crate::kernel::{Buffer, Real, parallel};
use crate::layer::{Backward, Context, Layer, Mode, State};
use crate::loss::{Loss, SampledLoss};
use crate::memory::{Scratch, Tape, Watch, differs, to_channels_first, to_channels_last};
use crate::model::{Model, Signature};
use crate::network::Network;
use crate::plain;
use crate::shape::{Columns, ColumnsMut, Elements, Shape};
use alloc::boxed::Box;
use alloc::string::String;
use core::marker::PhantomData;
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
/// let batch = Batch::<Grid<2>>::from_rows([[0.0, 1.0], [1.0, 1.0]])?;
/// assert_eq!(inference.run(&model, &batch).len(), 2);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
///
/// `F` is never given: it shows what the network takes and gives in the compiler's errors.
pub struct Inference<N: Network, T: Real = f32, F = Signature<N>> {
    pass: Pass<N, T>,
    lanes: usize,
    signature: PhantomData<F>,
}

impl<N: Network, T: Real> Inference<N, T> {
    /// Memory for batches of up to `columns` columns, each a sequence of its own.
    pub fn new(columns: usize) -> Self {
        Self::with_lanes(columns, columns)
    }

    /// Memory for up to `columns` columns in all, in up to `lanes` sequences, time-major.
    pub fn with_lanes(columns: usize, lanes: usize) -> Self {
        Self { pass: Pass::new(columns, lanes, false), lanes, signature: PhantomData }
    }

    /// The state of recurrent layers.
    pub fn state_mut(&mut self) -> &mut N::State<T> {
        &mut self.pass.state
    }
}

/// Inference on a batch of type `B`.
///
/// A trait rather than a method of [`Inference`], so that the compiler can say of a batch of the
/// wrong shape what was expected and what was given.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot run on `{B}`",
    label = "not a batch of what the network takes"
)]
pub trait Run<B, N: Network, T: Real> {
    /// The outputs for a batch, a column a sample. Recurrent layers go on from their state.
    ///
    /// # Panics
    /// When the batch has more columns than there is room for, or they are not the same number of
    /// steps for each lane.
    fn run(&mut self, model: &Model<N, T>, batch: &B) -> &[T];

    /// The path of the first layer whose output for the batch is not finite, if there is one.
    ///
    /// # Panics
    /// When the batch has more columns than there is room for.
    fn first_not_finite(&mut self, model: &Model<N, T>, batch: &B) -> Option<String>;
}

#[diagnostic::do_not_recommend]
impl<N, T: Real, S: Sample, O> Run<Batch<S, T>, N, T> for Inference<N, T, fn(S) -> O>
where
    N: Network<Sample = S>,
{
    fn run(&mut self, model: &Model<N, T>, batch: &Batch<S, T>) -> &[T] {
        let lanes = lanes_of(batch.columns(), self.lanes);
        let mut cx = Context::new(Mode::Inference, lanes);
        self.pass.forward(model, elements(batch), &mut cx);
        self.pass.output(batch.columns(), lanes)
    }

    fn first_not_finite(&mut self, model: &Model<N, T>, batch: &Batch<S, T>) -> Option<String> {
        let mut watch = Watch::default();
        let lanes = lanes_of(batch.columns(), self.lanes);
        let mut cx = Context { watch: Some(&mut watch), ..Context::new(Mode::Inference, lanes) };
        self.pass.forward(model, elements(batch), &mut cx);
        watch.found
    }
}

/// A batch that there is none of. With a second implementation of a trait the compiler does not
/// infer the type of a batch from the first, and so reports the trait, not a type.
pub enum NoBatch {}

#[diagnostic::do_not_recommend]
impl<N: Network, T: Real, F> Run<NoBatch, N, T> for Inference<N, T, F> {
    fn run(&mut self, _: &Model<N, T>, batch: &NoBatch) -> &[T] {
        match *batch {}
    }

    fn first_not_finite(&mut self, _: &Model<N, T>, batch: &NoBatch) -> Option<String> {
        match *batch {}
    }
}

/// The memory of training for batches of up to a number of columns: activations, gradients, what
/// backward needs, and the generator that layers such as dropout draw from.
///
/// `F` is never given: it shows what the network takes and gives in the compiler's errors.
pub struct Workspace<N: Network, T: Real = f32, F = Signature<N>> {
    pass: Pass<N, T>,
    signature: PhantomData<F>,
    gradient: Box<N::Params<T>>,
    /// The gradient by the outputs, in the order in which the user sees them.
    doutput: Buffer<T>,
    /// The same in the order of the network, where that differs.
    dentered: Buffer<T>,
    columns: usize,
    /// Since the last backward pass.
    went_forward: bool,
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
            signature: PhantomData,
            gradient: plain::zeroed(),
            doutput: Buffer::zeroed(N::Output::SIZE * columns),
            dentered: copy_of::<N::Output, T>(columns),
            columns: 0,
            went_forward: false,
            lanes,
            rng: Generator::seed_from_u64(seed),
        }
    }

    /// Starts the generator that layers such as dropout draw from anew.
    pub fn reseed(&mut self, seed: u64) {
        self.rng = Generator::seed_from_u64(seed);
    }

    /// Brings the model's statistics up to date with the last forward pass.
    pub fn observe(&mut self, model: &mut Model<N, T>) {
        <N as Layer<N::Input>>::observe::<T>(&mut model.stats, &self.pass.tape);
    }

    /// The gradient by the parameters, of the last backward pass.
    pub fn gradient(&self) -> &N::Params<T> {
        &self.gradient
    }

    /// The gradient by the parameters, in the order of the layers, to be scaled or clipped.
    ///
    /// Rows of an embedding that a batch does not name are zero, and backward counts on that: what is
    /// added to them here would stay.
    pub fn gradient_mut(&mut self) -> &mut [T] {
        plain::as_mut_slice(&mut *self.gradient)
    }

    /// The gradient of the loss by the outputs, which [`loss`](Compare::loss) sets, for a loss of
    /// one's own. It is in the order of the outputs that [`forward`](Train::forward) returns.
    pub fn output_gradient_mut(&mut self) -> &mut [T] {
        &mut self.doutput
    }

    /// The state of recurrent layers.
    pub fn state_mut(&mut self) -> &mut N::State<T> {
        &mut self.pass.state
    }
}

/// Training on a batch of type `B`; a trait for the reason that [`Run`] is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot train on `{B}`",
    label = "not a batch of what the network takes"
)]
pub trait Train<B, N: Network, T: Real> {
    /// Goes forward in training, and returns the outputs, a column a sample.
    ///
    /// # Panics
    /// When the batch has more columns than there is room for, or they are not the same number of
    /// steps for each lane.
    fn forward(&mut self, model: &Model<N, T>, batch: &B) -> &[T];

    /// Goes backward from the gradient of the loss, and returns the gradient by the parameters.
    /// Model and batch must be those of the last [`forward`](Self::forward), whose activations are
    /// lost: gradients take their memory.
    ///
    /// # Panics
    /// When the batch has another number of columns, or there was no forward pass since the last
    /// backward pass.
    fn backward(&mut self, model: &Model<N, T>, batch: &B) -> &[T];
}

#[diagnostic::do_not_recommend]
impl<N, T: Real, S: Sample, O> Train<Batch<S, T>, N, T> for Workspace<N, T, fn(S) -> O>
where
    N: Network<Sample = S>,
{
    fn forward(&mut self, model: &Model<N, T>, batch: &Batch<S, T>) -> &[T] {
        self.columns = batch.columns();
        self.went_forward = true;
        let lanes = lanes_of(self.columns, self.lanes);
        let mut cx = Context::new(Mode::Training(&mut self.rng), lanes);
        let (pass, elements) = (&mut self.pass, elements(batch));
        parallel::keep_awake_for(cost::<N>(self.columns), || {
            pass.forward(model, elements, &mut cx);
        });
        self.pass.output(self.columns, lanes)
    }

    fn backward(&mut self, model: &Model<N, T>, batch: &Batch<S, T>) -> &[T] {
        assert_eq!(batch.columns(), self.columns, "the batch of the last forward pass");
        assert!(core::mem::take(&mut self.went_forward), "forward comes before each backward");
        let lanes = self.lanes.min(self.columns);
        let scratch = &mut self.pass.scratch[..];
        let mut cx = Context { scratch, ..Context::new(Mode::Training(&mut self.rng), lanes) };
        let columns = <N as Layer<N::Input>>::columns(self.columns, lanes);
        let len = N::Output::SIZE * columns;
        let dy = if differs::<N::Output>() {
            to_channels_last::<N::Output, T>(&mut self.dentered[..len], &self.doutput[..len]);
            &mut self.dentered[..len]
        } else {
            &mut self.doutput[..len]
        };
        let pass = Backward {
            x: entered::<N, T>(&self.pass.input, elements(batch)),
            y: Columns::from_numbers(&self.pass.output[..len]),
            dy: ColumnsMut::new(dy),
            dx: None,
        };
        let (gradient, tape) = (&mut self.gradient, &mut self.pass.tape);
        parallel::keep_awake_for(2 * cost::<N>(self.columns), || {
            N::backward(&model.params, gradient, pass, tape, &mut cx);
        });
        plain::as_slice(&*self.gradient)
    }
}

#[diagnostic::do_not_recommend]
impl<N: Network, T: Real, F> Train<NoBatch, N, T> for Workspace<N, T, F> {
    fn forward(&mut self, _: &Model<N, T>, batch: &NoBatch) -> &[T] {
        match *batch {}
    }

    fn backward(&mut self, _: &Model<N, T>, batch: &NoBatch) -> &[T] {
        match *batch {}
    }
}

/// Comparison with targets of type `B` by the loss `L`; a trait for the reason that [`Run`] is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with `{B}` by `{L}`",
    label = "not targets that suit what the network gives"
)]
pub trait Compare<B, L, T: Real> {
    /// The loss of the outputs of the last [`forward`](Train::forward), whose gradient is kept for
    /// [`backward`](Train::backward).
    ///
    /// # Panics
    /// When there is not one target for each column.
    fn loss(&mut self, loss: &L, targets: &B) -> T;
}

#[diagnostic::do_not_recommend]
impl<N: Network, T: Real, S, O, L, Y: Target> Compare<Batch<Y, T>, L, T>
    for Workspace<N, T, fn(S) -> O>
where
    L: Loss<O, Target = Y>,
{
    fn loss(&mut self, loss: &L, targets: &Batch<Y, T>) -> T {
        let columns = <N as Layer<N::Input>>::columns(self.columns, self.lanes.min(self.columns));
        let len = N::Output::SIZE * columns;
        // The forward pass has left the outputs here in the order of the targets.
        let pass = &self.pass;
        let outputs = if differs::<N::Output>() { &pass.shown } else { &pass.output };
        loss.evaluate(&outputs[..len], targets, Some(&mut self.doutput[..len]))
    }
}

#[diagnostic::do_not_recommend]
impl<N: Network, T: Real, F, L> Compare<NoBatch, L, T> for Workspace<N, T, F> {
    fn loss(&mut self, _: &L, targets: &NoBatch) -> T {
        match *targets {}
    }
}

/// Comparison with targets of type `B` by a loss `L` that draws at random and has parameters of its
/// own; a trait for the reason that [`Run`] is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with `{B}` by `{L}`",
    label = "these do not suit what the network gives"
)]
pub trait CompareSampled<B, L, T: Real> {
    /// The loss of the outputs of the last [`forward`](Train::forward) by words drawn at random for
    /// `targets`, whose gradient is kept for [`backward`](Train::backward) and for
    /// [`NegativeSampling::step`](crate::loss::NegativeSampling::step).
    ///
    /// # Panics
    /// When there is not one target for each column.
    fn sampled_loss(&mut self, loss: &mut L, targets: &B) -> T;
}

#[diagnostic::do_not_recommend]
impl<N: Network, T: Real, S, O, L, Y: Target> CompareSampled<Batch<Y, T>, L, T>
    for Workspace<N, T, fn(S) -> O>
where
    L: SampledLoss<O, T, Target = Y>,
{
    fn sampled_loss(&mut self, loss: &mut L, targets: &Batch<Y, T>) -> T {
        let columns = <N as Layer<N::Input>>::columns(self.columns, self.lanes.min(self.columns));
        let len = N::Output::SIZE * columns;
        loss.draw(targets);
        loss.evaluate(&self.pass.output[..len], Some(&mut self.doutput[..len]))
    }
}

#[diagnostic::do_not_recommend]
impl<N: Network, T: Real, F, L> CompareSampled<NoBatch, L, T> for Workspace<N, T, F> {
    fn sampled_loss(&mut self, _: &mut L, targets: &NoBatch) -> T {
        match *targets {}
    }
}

// A second one, since a loss for other outputs rules out the implementation that does something.
#[diagnostic::do_not_recommend]
impl<N: Network, T: Real, F, L> CompareSampled<[NoBatch; 1], L, T> for Workspace<N, T, F> {
    fn sampled_loss(&mut self, _: &mut L, [targets]: &[NoBatch; 1]) -> T {
        match *targets {}
    }
}

/// What a pass in either mode needs.
pub(crate) struct Pass<N: Network, T: Real> {
    tape: Box<N::Tape<T>>,
    state: N::State<T>,
    /// What layers work in, one after the other.
    scratch: Buffer<T>,
    /// The input with the channels innermost, where the batch has them otherwise.
    input: Buffer<T>,
    output: Buffer<T>,
    /// The output in the order channels, height, width, where that differs.
    shown: Buffer<T>,
}

impl<N: Network, T: Real> Pass<N, T> {
    pub(crate) fn new(columns: usize, lanes: usize, training: bool) -> Self {
        Self {
            tape: Box::new(Tape::new(columns, lanes, training)),
            state: State::new(lanes),
            scratch: Scratch::of::<N::Tape<T>, T>(columns, training),
            input: copy_of::<N::Input, T>(columns),
            output: Buffer::zeroed(N::Output::SIZE * columns),
            shown: copy_of::<N::Output, T>(columns),
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
        let cx = &mut Context { scratch: &mut self.scratch, ..cx.inner() };
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

/// About how many nanoseconds a core takes for a forward pass.
fn cost<N: Network>(columns: usize) -> usize {
    <N as Layer<N::Input>>::OPERATIONS.saturating_mul(columns) / 100
}

/// Room for columns in the other order of an image, where the two differ.
fn copy_of<S: Shape, T: Real>(columns: usize) -> Buffer<T> {
    Buffer::zeroed(if differs::<S>() { S::SIZE * columns } else { 0 })
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
