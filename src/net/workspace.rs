//! All memory of a training step: made once, used for every batch.

use super::network::{OutputMatrix, OutputMatrixMut, outputs_mut};
use super::pass::{Pass, entered, room};
use super::{Model, Network, Weights};
use crate::Generator;
use crate::data::{Batch, Classes};
use crate::kernel::{Buffer, Real, parallel};
use crate::layer::{Backward, Context, Lanes, Layer, Mode, as_mut_slice, zeroed};
use crate::loss::{Loss, NegativeSamplingOf};
use crate::shape::{Shape, columns_mut, differs, to_channels_last};
use alloc::boxed::Box;
use rand::SeedableRng;

/// The memory of training for batches of up to a number of columns: activations, gradients, what
/// backward needs, and the generator that layers such as dropout draw from.
///
/// A training step is [`forward`](Self::forward), then [`loss`](Step::loss) and
/// [`backward`](Step::backward) of what that gives, then an optimiser's update.
pub struct Workspace<N: Network, T: Real = f32> {
    pass: Pass<N, T>,
    gradient: Box<N::Params<T>>,
    /// The gradient by the outputs, in the order in which the user sees them.
    doutput: Buffer<T>,
    /// The same in the order of the network, where that differs.
    dentered: Buffer<T>,
    rng: Generator,
}

impl<N: Network, T: Real> Workspace<N, T> {
    /// Memory for batches of up to `columns` columns, each a sequence of its own.
    pub fn new(columns: usize, seed: u64) -> Self {
        Self::with_lanes(columns, columns, seed)
    }

    /// Memory for up to `columns` columns in all, in up to `lanes` sequences, time-major. They are of
    /// one length, unless a batch [tells their lengths](Batch::lengths).
    pub fn with_lanes(columns: usize, lanes: usize, seed: u64) -> Self {
        Self::of_pass(Pass::new(columns, lanes, true), columns, seed)
    }

    /// Memory for samples that stay with one core.
    #[cfg(feature = "std")]
    pub(crate) fn of_group(columns: usize) -> Self {
        Self::of_pass(Pass::in_pieces(1, columns, columns, true), columns, 0)
    }

    fn of_pass(pass: Pass<N, T>, columns: usize, seed: u64) -> Self {
        Self {
            pass,
            gradient: zeroed(),
            doutput: Buffer::zeroed(N::Output::SIZE * Pass::<N, T>::STEPS.of(columns)),
            dentered: room::<N::Output, T>(Pass::<N, T>::STEPS.of(columns)),
            rng: Generator::seed_from_u64(seed),
        }
    }

    /// Starts the generator that layers such as dropout draw from anew.
    pub fn reseed(&mut self, seed: u64) {
        self.rng = Generator::seed_from_u64(seed);
    }

    /// Goes forward in training. Recurrent layers go on from the state that the batch before left: for
    /// batches that have nothing to do with each other, [`reset`](Self::reset) it.
    ///
    /// # Panics
    /// When the batch has more columns than there is room for, or they are not the same number of
    /// steps for each lane, or not a multiple of those that the network
    /// takes at a time.
    #[track_caller]
    pub fn forward<'w, 'b>(
        &'w mut self,
        model: &'b mut Model<N, T>,
        batch: &'b Batch<N::Sample, T>,
    ) -> Step<'w, 'b, N, T> {
        self.forward_with(&model.params, &mut model.stats, batch)
    }

    /// The same with statistics that need not be those of the model.
    #[track_caller]
    pub(crate) fn forward_with<'w, 'b>(
        &'w mut self,
        params: &'b N::Params<T>,
        stats: &'b mut N::Stats<T>,
        batch: &'b Batch<N::Sample, T>,
    ) -> Step<'w, 'b, N, T> {
        let (lanes, lengths) = self.pass.lanes_of(batch);
        let cx = Context { lengths, ..Context::new(Mode::Training(&mut self.rng), lanes) };
        let (pass, elements) = (&mut self.pass, batch.elements());
        let weights = Weights { params, stats: &*stats };
        parallel::keep_awake_for(cost::<N>(batch.columns()), || {
            pass.forward(weights, elements, cx)
        });
        let columns = <N as Layer<N::Input>>::STEPS.columns(batch.columns(), lanes);
        Step { workspace: self, params, stats, batch, columns, lanes, graded: false }
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
        as_mut_slice(&mut *self.gradient)
    }

    /// Puts recurrent layers back to their state before the first step, in all lanes.
    pub fn reset(&mut self) {
        self.pass.reset();
    }

    /// The state of recurrent layers.
    pub fn state_mut(&mut self) -> &mut N::State<T> {
        &mut self.pass.state
    }
}

/// A training step that has gone forward. It holds on to model and batch, so that backward meets
/// those of forward, and nothing else uses the workspace meanwhile.
#[must_use = "a step changes nothing before it goes backward"]
pub struct Step<'w, 'b, N: Network, T: Real = f32> {
    workspace: &'w mut Workspace<N, T>,
    params: &'b N::Params<T>,
    stats: &'b mut N::Stats<T>,
    batch: &'b Batch<N::Sample, T>,
    /// Of the outputs.
    columns: usize,
    lanes: usize,
    /// Whether the gradient by the outputs is that of this step.
    graded: bool,
}

impl<'w, N: Network, T: Real> Step<'w, '_, N, T> {
    /// The outputs, a column a sample.
    pub fn outputs(&self) -> OutputMatrix<'_, N, T> {
        self.workspace.pass.outputs(self.columns)
    }

    /// The loss of the outputs, whose gradient is kept for [`backward`](Self::backward). Columns
    /// beyond the end of a [sequence](Batch::lengths) do not count; where their targets are not
    /// [`IGNORED`](crate::data::IGNORED), this takes copies of all others.
    ///
    /// # Panics
    /// When there is not one target for each column.
    pub fn loss<L: Loss<N::Outputs>>(&mut self, loss: &L, targets: &Batch<L::Target, T>) -> T {
        self.graded = true;
        let Workspace { pass, doutput, .. } = &mut *self.workspace;
        let (outputs, lengths) = (pass.outputs(self.columns), self.batch.lengths());
        let doutput = outputs_mut::<N, T>(&mut doutput[..N::Output::SIZE * self.columns]);
        match lengths {
            Some(lengths) => {
                let lanes = Lanes::new(self.columns, self.lanes, lengths);
                super::steps::loss(loss, lanes, outputs, targets, doutput)
            }
            None => loss.evaluate(outputs, targets, Some(doutput)),
        }
    }

    /// The loss of the outputs by words drawn at random for `targets`, whose gradient is kept for
    /// [`backward`](Self::backward) and for
    /// [`NegativeSampling::step`](crate::loss::NegativeSampling::step).
    ///
    /// # Panics
    /// When there is not one target for each column.
    pub fn sampled_loss<const V: usize>(
        &mut self,
        loss: &mut NegativeSamplingOf<V, N::Outputs, T>,
        targets: &Batch<Classes<V>, T>,
    ) -> T {
        let Workspace { pass, doutput, .. } = &mut *self.workspace;
        let doutput = outputs_mut::<N, T>(&mut doutput[..N::Output::SIZE * self.columns]);
        self.graded = true;
        loss.draw(targets);
        loss.evaluate(pass.outputs(self.columns), Some(doutput))
    }

    /// The gradient of the loss by the outputs, a column for each that came out, for a loss of one's
    /// own: to be written before [`backward`](Self::backward). It is what [`loss`](Self::loss) has set
    /// for this step, or zero.
    pub fn output_gradient_mut(&mut self) -> OutputMatrixMut<'_, N, T> {
        let gradient = &mut self.workspace.doutput[..N::Output::SIZE * self.columns];
        if !self.graded {
            gradient.fill(T::ZERO);
            self.graded = true;
        }
        outputs_mut::<N, T>(gradient)
    }

    /// Goes backward from the gradient of the loss (zero, where there was none), brings the model's statistics (the running means
    /// of batch normalisation) up to date, and returns the gradient by the parameters.
    ///
    /// What forward kept serves once:
    ///
    /// ```compile_fail,E0382
    /// use formwork::data::Batch;
    /// use formwork::prelude::*;
    ///
    /// network! { struct Gate: Vector<2> => Vector<1> { fc: Dense<1> } }
    ///
    /// let (mut model, mut workspace) = (Model::<Gate>::zeroed(), Workspace::<Gate>::new(1, 0));
    /// let batch = Batch::from_rows([[1.0, 2.0]])?;
    /// let step = workspace.forward(&mut model, &batch);
    /// step.backward();
    /// step.backward(); // forward comes before each backward
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    pub fn backward(mut self) -> &'w mut [T] {
        self.output_gradient_mut();
        let Self { workspace, params, stats, batch, columns, lanes, .. } = self;
        let Workspace { pass, gradient, doutput, dentered, rng, .. } = workspace;
        let Pass { tape, scratch, input, output, pieces, .. } = pass;
        let lengths = batch.lengths().unwrap_or_default();
        let cx = Context::new(Mode::Training(rng), lanes);
        let cx = Context { scratch, lengths, pieces: *pieces, ..cx };
        let len = N::Output::SIZE * columns;
        let dy = if differs::<N::Output>() {
            to_channels_last::<N::Output, T>(&mut dentered[..len], &doutput[..len]);
            &mut dentered[..len]
        } else {
            &mut doutput[..len]
        };
        let (x, ids) = entered::<N, T>(input, batch.elements());
        let pass = Backward {
            params,
            gradient: &mut **gradient,
            tape: &mut **tape,
            x,
            ids,
            y: crate::shape::columns(&output[..len]),
            dy: columns_mut(dy),
            dx: None,
            cx,
        };
        parallel::keep_awake_for(2 * cost::<N>(batch.columns()), || N::backward(pass));
        <N as Layer<N::Input>>::observe::<T>(stats, tape);
        as_mut_slice(&mut **gradient)
    }
}

/// About how many nanoseconds a core takes for a forward pass.
pub(crate) fn cost<N: Network>(columns: usize) -> usize {
    <N as Layer<N::Input>>::OPERATIONS.saturating_mul(columns) / 100
}
