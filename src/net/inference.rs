//! Inference on batches.

use super::pass::Pass;
use super::{HasWeights, Model, Network, OutputMatrix};
use crate::data::Batch;
use crate::kernel::Real;
use crate::layer::{Context, Layer, Mode, Watch};
use alloc::string::String;

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
/// let outputs = inference.run(&model, &batch); // 1 x 2, a matrix of nalgebra
/// assert_eq!(outputs.shape(), (1, 2));
/// # Ok::<(), formwork::data::DataError>(())
/// ```
pub struct Inference<N: Network, T: Real = f32> {
    pass: Pass<N, T>,
}

impl<N: Network, T: Real> Inference<N, T> {
    /// Memory for batches of up to `columns` columns, each a sequence of its own.
    pub fn new(columns: usize) -> Self {
        Self::with_lanes(columns, columns)
    }

    /// Memory for up to `columns` columns in all, in up to `lanes` sequences, time-major. They are of
    /// one length, unless a batch [tells their lengths](Batch::lengths).
    pub fn with_lanes(columns: usize, lanes: usize) -> Self {
        Self { pass: Pass::new(columns, lanes, false) }
    }

    /// The outputs for a batch, a column a sample. Recurrent layers go on from the state that the
    /// batch before left: for batches that have nothing to do with each other,
    /// [`reset`](Self::reset) it.
    ///
    /// # Panics
    /// When the batch has more columns than there is room for, or they are not the same number of
    /// steps for each lane, or not a multiple of those that the network
    /// takes at a time.
    #[track_caller]
    pub fn run(
        &mut self,
        model: &Model<N, T>,
        batch: &Batch<N::Sample, T>,
    ) -> OutputMatrix<'_, N, T> {
        let (lanes, lengths) = self.pass.lanes_of(batch);
        let cx = Context { lengths, ..Context::new(Mode::Inference, lanes) };
        self.pass.forward(model.weights(), batch.elements(), cx);
        self.pass.outputs(<N as Layer<N::Input>>::STEPS.columns(batch.columns(), lanes))
    }

    /// The path of the first layer whose output for the batch is not finite, if there is one.
    ///
    /// # Panics
    /// When the batch has more columns than there is room for.
    #[track_caller]
    pub fn first_not_finite(
        &mut self,
        model: &Model<N, T>,
        batch: &Batch<N::Sample, T>,
    ) -> Option<String> {
        let mut watch = Watch::default();
        let (lanes, lengths) = self.pass.lanes_of(batch);
        let watch_it = Some(&mut watch);
        let cx = Context { watch: watch_it, lengths, ..Context::new(Mode::Inference, lanes) };
        self.pass.forward(model.weights(), batch.elements(), cx);
        watch.found
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
