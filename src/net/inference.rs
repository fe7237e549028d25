//! Inference on batches.

use super::network::outputs;
use super::pass::Pass;
use super::{HasWeights, Model, Network, OutputMatrix, workspace};
use crate::data::Batch;
use crate::kernel::parallel::{self, Chunks};
use crate::kernel::{Buffer, Real};
use crate::layer::{Context, Layer, Mode, Watch};
use crate::shape::Shape;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

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
    /// The most columns and lanes.
    most: [usize; 2],
    /// One for all, or for large batches one for each thread that takes part.
    passes: Vec<Pass<N, T>>,
    /// The columns that go through the network at once.
    block: usize,
    /// Those of all blocks.
    outputs: Buffer<T>,
}

impl<N: Network, T: Real> Inference<N, T> {
    /// Memory for batches of up to `columns` columns, each a sequence of its own.
    pub fn new(columns: usize) -> Self {
        Self::with_lanes(columns, columns)
    }

    /// Memory for up to `columns` columns in all, in up to `lanes` sequences, time-major. They are of
    /// one length, unless a batch [tells their lengths](Batch::lengths).
    pub fn with_lanes(columns: usize, lanes: usize) -> Self {
        let block = block::<N, T>(columns);
        let (passes, outputs) = if block < columns {
            let pass = |_| Pass::in_pieces(1, block, block, false);
            ((0..parallel::threads()).map(pass).collect(), N::Output::SIZE * columns)
        } else {
            (vec![Pass::new(columns, lanes, false)], 0)
        };
        Self { most: [columns, lanes], passes, block, outputs: Buffer::zeroed(outputs) }
    }

    /// The outputs for a batch, a column a sample. Recurrent layers go on from the state that the
    /// batch before left: for batches that have nothing to do with each other,
    /// [`reset`](Self::reset) it.
    ///
    /// A network that treats each column by itself goes over large batches in blocks of columns, each of
    /// which stays with one core.
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
        let (lanes, lengths) = Pass::<N, T>::lanes_within(self.most, batch);
        let columns = batch.columns();
        if columns > self.block {
            self.run_blocks(model, batch);
            return outputs::<N, T>(&self.outputs[..N::Output::SIZE * columns]);
        }
        let pass = &mut self.passes[0];
        let cx = Context { lengths, ..Context::new(Mode::Inference, lanes) };
        pass.forward(model.weights(), batch.elements(), cx);
        pass.outputs(<N as Layer<N::Input>>::STEPS.columns(columns, lanes))
    }

    /// Goes over the blocks of a batch, of which each thread takes as many as the others.
    fn run_blocks(&mut self, model: &Model<N, T>, batch: &Batch<N::Sample, T>) {
        let Self { passes, block, outputs, .. } = self;
        let (columns, block, elements) = (batch.columns(), *block, batch.elements());
        let each = columns.div_ceil(block).div_ceil(passes.len()) * block;
        let size = N::Output::SIZE;
        let outputs = Chunks(&mut outputs[..size * columns], size * each);
        let count = columns.div_ceil(each);
        let cost = workspace::cost::<N>(columns);
        parallel::for_each_share(
            count,
            cost,
            (Chunks(passes, 1), outputs),
            |i, (pass, outputs)| {
                let starts = (i * each..).step_by(block);
                for (start, outputs) in starts.zip(outputs.chunks_mut(size * block)) {
                    let columns = outputs.len() / size;
                    let scalars = start * N::Input::SIZE..(start + columns) * N::Input::SIZE;
                    let cx = Context::new(Mode::Inference, columns);
                    pass[0].forward(model.weights(), elements.slice(scalars), cx);
                    outputs.copy_from_slice(pass[0].output(columns));
                }
            },
        );
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
        let (lanes, lengths) = Pass::<N, T>::lanes_within(self.most, batch);
        let (pass, columns) = (&mut self.passes[0], batch.columns());
        let (mut watch, elements) = (Watch::default(), batch.elements());
        for start in (0..columns).step_by(self.block.max(1)) {
            let end = columns.min(start + self.block);
            let lanes = if end - start < columns { end - start } else { lanes };
            let watch = Some(&mut watch);
            let cx = Context { watch, lengths, ..Context::new(Mode::Inference, lanes) };
            let scalars = start * N::Input::SIZE..end * N::Input::SIZE;
            pass.forward(model.weights(), elements.slice(scalars), cx);
        }
        watch.found
    }

    /// Puts recurrent layers back to their state before the first step, in all lanes.
    pub fn reset(&mut self) {
        self.passes[0].reset();
    }

    /// The state of recurrent layers.
    pub fn state_mut(&mut self) -> &mut N::State<T> {
        &mut self.passes[0].state
    }
}

/// How many columns of a large batch go through a network at once: all, where there are but a few blocks
/// of those whose work is twenty times that of making weights ready (about two nanoseconds each), or
/// where columns have to do with each other.
fn block<N: Network, T: Real>(columns: usize) -> usize {
    const BLOCKS: usize = 16;
    let apart = N::LOOKS_BACK == 0 && N::STEPS.are_kept() && N::STEPS.takes() == 1;
    let stateless = size_of::<N::State<T>>() == 0;
    let weights = 40 * N::PARAMETERS / workspace::cost::<N>(1).max(1);
    let block = (weights + 1).next_multiple_of(BLOCKS);
    if apart && stateless && columns >= BLOCKS * block { block } else { columns }
}
