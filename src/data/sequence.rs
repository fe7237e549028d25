//! Sequences side by side.

use alloc::boxed::Box;

use super::batch::{Batch, check_ids};
use super::error::DataError;
use crate::shape::{Number, Sample};

/// Sequences side by side, of which some may be shorter than others.
impl<S: Sample, T: Number> Batch<S, T> {
    /// Sequences side by side, each an array, slice or vector of steps of [`S::SIZE`](Sample::SIZE)
    /// numbers, in a lane for each. The batch is time-major: column `i` is step `i / lanes` of lane
    /// `i % lanes`. It has as many steps as the longest sequence, and remembers how long each is, as a
    /// packed sequence of PyTorch does.
    ///
    /// What a network makes of a lane is what it makes of the sequence alone. The columns beyond its
    /// end hold zeros (of ids the first, of targets [`IGNORED`](super::IGNORED)), and count nowhere:
    /// not in [`LastStep`](crate::layers::LastStep) and [`MeanSteps`](crate::layers::MeanSteps), in
    /// recurrent layers, whose outputs there are zero, nor in the [loss](crate::Step::loss) of a step
    /// of training. Only batch normalisation takes them for samples.
    ///
    /// ```
    /// use formwork::data::{Batch, Classes, Tokens};
    /// use formwork::prelude::*;
    /// use rand::SeedableRng;
    ///
    /// network! {
    ///     struct Tone: Token<9> => Vector<2> {
    ///         embed: Embedding<4>(Init::Normal(1.0)),
    ///         Bidirectional { lstm: Lstm<3> },
    ///         MeanSteps,
    ///         fc: Dense<2>,
    ///     }
    /// }
    ///
    /// let model = Model::<Tone>::new(&mut Generator::seed_from_u64(1));
    /// let sentences = [&[3, 1, 4, 1, 5][..], &[2, 7]];
    /// let batch = Batch::<Tokens<9>>::from_sequences(sentences)?;
    /// assert_eq!(batch.data(), [3, 2, 1, 7, 4, 0, 1, 0, 5, 0]);
    /// assert_eq!(batch.lengths(), Some(&[5, 2][..]));
    ///
    /// // Room for 5 steps of 2 lanes.
    /// let mut inference = Inference::<Tone>::with_lanes(10, 2);
    /// let both = inference.run(&model, &batch).into_owned();
    /// inference.reset();
    /// let alone = inference.run(&model, &Batch::from_sequences([sentences[1]])?);
    /// assert!((alone - both.column(1)).amax() < 1e-6);
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// [`DataError::Sequence`] for the first sequence that has no steps, whose last one is incomplete,
    /// or with an id that does not exist.
    pub fn from_sequences<R>(sequences: impl IntoIterator<Item = R>) -> Result<Self, DataError>
    where
        R: AsRef<[S::Element<T>]>,
    {
        let sequences: alloc::vec::Vec<R> = sequences.into_iter().collect();
        for (number, sequence) in sequences.iter().enumerate() {
            Self::check_sequence(sequence.as_ref())
                .map_err(|error| DataError::Sequence { number, error: Box::new(error) })?;
        }
        let mut batch = Self::new();
        batch.fill_lanes(sequences.iter().map(AsRef::as_ref));
        Ok(batch)
    }

    /// How many steps each lane has, in a batch [of sequences](Self::from_sequences); `None` for
    /// samples that are not said to be such.
    pub fn lengths(&self) -> Option<&[usize]> {
        (!self.lengths.is_empty()).then_some(&self.lengths)
    }

    /// Refuses what is no sequence.
    pub(super) fn check_sequence(sequence: &[S::Element<T>]) -> Result<(), DataError> {
        if sequence.is_empty() {
            return Err(DataError::NoSteps);
        }
        if !sequence.len().is_multiple_of(S::SIZE) {
            return Err(DataError::Length { dims: S::DIMS, found: sequence.len() });
        }
        check_ids::<S, T>(sequence, 0)
    }

    /// Replaces the samples by sequences that have been checked. Allocates only where the batch has
    /// never been so large.
    pub(super) fn fill_lanes<'s>(
        &mut self,
        sequences: impl Iterator<Item = &'s [S::Element<T>]> + Clone,
    ) {
        self.clear();
        self.lengths.extend(sequences.clone().map(|sequence| sequence.len() / S::SIZE));
        let (lanes, steps) = (self.lengths.len(), self.lengths.iter().max().unwrap_or(&0));
        self.data.resize(steps * lanes * S::SIZE, S::padding::<T>());
        for (lane, sequence) in sequences.enumerate() {
            let columns = self.data.chunks_exact_mut(S::SIZE).skip(lane).step_by(lanes);
            for (to, step) in columns.zip(sequence.chunks_exact(S::SIZE)) {
                to.copy_from_slice(step);
            }
        }
    }
}
