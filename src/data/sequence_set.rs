//! Sequences of different lengths as mini-batches.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::slice::Chunks;

use rand::Rng;
use rand::seq::SliceRandom;

use super::batch::Batch;
use super::error::DataError;
use super::target::Target;
use crate::shape::{Number, Sample};

/// Sequences of different lengths with their targets: one for each sequence, or one for each step of
/// it. [`SequenceBatches`] deals them side by side.
pub struct SequenceSet<S: Sample, Y: Target, T: Number = f32> {
    inputs: Ragged<S::Element<T>>,
    targets: Ragged<Y::Element<T>>,
    /// Whether there is a target for each step, as far as this shows.
    each_step: Option<bool>,
    longest: usize,
}

/// Slices of different lengths.
struct Ragged<E> {
    data: Vec<E>,
    ends: Vec<usize>,
}

impl<E: Copy> Ragged<E> {
    const fn new() -> Self {
        Self { data: Vec::new(), ends: Vec::new() }
    }

    fn push(&mut self, slice: &[E]) {
        self.data.extend_from_slice(slice);
        self.ends.push(self.data.len());
    }

    fn get(&self, index: usize) -> &[E] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.data[start..self.ends[index]]
    }
}

impl<S: Sample, Y: Target, T: Number> SequenceSet<S, Y, T> {
    /// A set of no sequences.
    pub const fn new() -> Self {
        Self { inputs: Ragged::new(), targets: Ragged::new(), each_step: None, longest: 0 }
    }

    /// Adds a sequence, step after step, with one target or one for each step: of all sequences the
    /// same.
    ///
    /// # Errors
    /// [`DataError::Sequence`], where inputs or targets are not whole steps or have an id that does not
    /// exist, or there are not as many targets as there should be. The set is then as before.
    pub fn push(
        &mut self,
        inputs: &[S::Element<T>],
        targets: &[Y::Element<T>],
    ) -> Result<(), DataError> {
        let steps = inputs.len() / S::SIZE;
        let each_step = self.check(inputs, targets).map_err(|error| {
            let error = Box::new(error);
            DataError::Sequence { number: self.len(), error }
        })?;
        self.each_step = self.each_step.or(each_step);
        self.longest = self.longest.max(steps);
        self.inputs.push(inputs);
        self.targets.push(targets);
        Ok(())
    }

    /// Whether there is a target for each step; a single step does not tell.
    fn check(
        &self,
        inputs: &[S::Element<T>],
        targets: &[Y::Element<T>],
    ) -> Result<Option<bool>, DataError> {
        Batch::<S, T>::check_sequence(inputs)?;
        Batch::<Y, T>::check_sequence(targets)?;
        let (found, steps) = (targets.len() / Y::SIZE, inputs.len() / S::SIZE);
        let each_step = (steps > 1).then_some(found == steps);
        let differs = self.each_step.is_some_and(|all| each_step.is_some_and(|this| this != all));
        if differs || (found != 1 && found != steps) {
            return Err(DataError::Answers { found, steps });
        }
        Ok(each_step)
    }

    /// How many sequences there are.
    pub fn len(&self) -> usize {
        self.inputs.ends.len()
    }

    /// Whether there are no sequences.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The steps of the longest sequence: times the lanes of a batch, the columns that a
    /// [`Workspace`](crate::Workspace) needs room for.
    pub fn longest(&self) -> usize {
        self.longest
    }
}

impl<S: Sample, Y: Target, T: Number> Default for SequenceSet<S, Y, T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Deals the sequences of a set side by side, so many at a time. Its memory serves every epoch.
///
/// ```
/// use formwork::data::{Classes, SequenceBatches, SequenceSet, Tokens};
/// use formwork::optim::{Adam, Optimizer};
/// use formwork::prelude::*;
/// use rand::SeedableRng;
///
/// network! {
///     struct First: Token<3> => Vector<3> { embed: Embedding<4>, gru: Gru<8>, LastStep, fc: Dense<3> }
/// }
///
/// // What does a sequence begin with?
/// let mut set = SequenceSet::<Tokens<3>, Classes<3>>::new();
/// for sequence in [&[0, 1, 2][..], &[1], &[2, 0], &[0, 2], &[1, 2, 0, 1]] {
///     set.push(sequence, &sequence[..1])?;
/// }
///
/// let mut rng = Generator::seed_from_u64(1);
/// let mut model = Model::<First>::new(&mut rng);
/// let (mut batches, mut adam) = (SequenceBatches::new(2), Adam::new(0.03));
/// let mut workspace = Workspace::with_lanes(2 * set.longest(), 2, 1);
/// let mut last = f32::NAN;
/// for _ in 0..60 {
///     let mut epoch = batches.shuffled(&set, &mut rng);
///     while let Some((inputs, targets)) = epoch.next_batch() {
///         workspace.reset();
///         let mut step = workspace.forward(&mut model, inputs);
///         last = step.loss(&SoftmaxCrossEntropy::new(), targets);
///         let gradient = step.backward();
///         adam.step(model.parameters_mut(), gradient);
///     }
/// }
/// assert!(last < 0.2);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
pub struct SequenceBatches<S: Sample, Y: Target, T: Number = f32> {
    lanes: usize,
    order: Vec<usize>,
    inputs: Batch<S, T>,
    targets: Batch<Y, T>,
}

impl<S: Sample, Y: Target, T: Number> SequenceBatches<S, Y, T> {
    /// Batches of `lanes` sequences each; the last of an epoch holds what is left.
    ///
    /// # Panics
    /// If `lanes` is zero.
    pub fn new(lanes: usize) -> Self {
        assert!(lanes > 0, "a mini-batch of no sequences");
        Self { lanes, order: Vec::new(), inputs: Batch::new(), targets: Batch::new() }
    }

    /// One pass over `set`, every sequence once, in a new random order.
    pub fn shuffled<'a>(
        &'a mut self,
        set: &'a SequenceSet<S, Y, T>,
        rng: &mut impl Rng,
    ) -> SequenceEpoch<'a, S, Y, T> {
        self.reset(set.len());
        self.order.shuffle(rng);
        self.epoch(set)
    }

    /// One pass over `set` in its own order.
    pub fn in_order<'a>(&'a mut self, set: &'a SequenceSet<S, Y, T>) -> SequenceEpoch<'a, S, Y, T> {
        self.reset(set.len());
        self.epoch(set)
    }

    fn reset(&mut self, len: usize) {
        self.order.clear();
        self.order.extend(0..len);
    }

    fn epoch<'a>(&'a mut self, set: &'a SequenceSet<S, Y, T>) -> SequenceEpoch<'a, S, Y, T> {
        let chunks = self.order.chunks(self.lanes);
        SequenceEpoch { set, chunks, inputs: &mut self.inputs, targets: &mut self.targets }
    }
}

/// One pass over a set of sequences: see [`SequenceBatches`].
pub struct SequenceEpoch<'a, S: Sample, Y: Target, T: Number = f32> {
    set: &'a SequenceSet<S, Y, T>,
    chunks: Chunks<'a, usize>,
    inputs: &'a mut Batch<S, T>,
    targets: &'a mut Batch<Y, T>,
}

impl<S: Sample, Y: Target, T: Number> SequenceEpoch<'_, S, Y, T> {
    /// The next sequences and their targets, or `None` at the end: a target for each lane, or as many
    /// for each as it has steps, with the same columns beyond the ends. They are lent until the next
    /// call: use `while let`.
    #[expect(clippy::type_complexity, reason = "two references in an option")]
    pub fn next_batch(&mut self) -> Option<(&Batch<S, T>, &Batch<Y, T>)> {
        let indices = self.chunks.next()?;
        let SequenceSet { inputs, targets, .. } = self.set;
        self.inputs.fill_lanes(indices.iter().map(|&index| inputs.get(index)));
        self.targets.fill_lanes(indices.iter().map(|&index| targets.get(index)));
        Some((self.inputs, self.targets))
    }

    /// How many batches are still to come.
    pub fn remaining(&self) -> usize {
        self.chunks.len()
    }
}
