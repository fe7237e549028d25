//! Inputs with their targets.

use core::fmt::{self, Debug, Formatter};

use alloc::vec::Vec;
use rand::{Rng, RngExt};

use super::batch::Batch;
use super::error::{DataError, Part};
use super::target::{Classes, IGNORED, Target};
use crate::shape::{Number, Sample};

/// Inputs with their targets, one for each.
///
/// ```
/// use formwork::data::{Classes, Dataset, Grid};
///
/// let data = Dataset::<Grid<2>, Classes<2>>::from_vecs(vec![0.1, 0.9, 0.8, 0.3], vec![1, 0])?;
/// assert_eq!(data.len(), 2);
/// assert_eq!(data.get(0), Some((&[0.1, 0.9][..], &[1][..])));
/// assert_eq!(data.class_counts(), [1, 1]);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
pub struct Dataset<S: Sample, Y: Target, T: Number = f32> {
    inputs: Batch<S, T>,
    targets: Batch<Y, T>,
}

impl<S: Sample, Y: Target, T: Number> Dataset<S, Y, T> {
    /// Pairs each input with the target in the same place.
    ///
    /// # Errors
    /// [`DataError::Lanes`] for a batch of [sequences](Batch::from_sequences), of which there are
    /// [`SequenceSet`](super::SequenceSet)s; [`DataError::Counts`] where there are not as many targets
    /// as inputs,
    /// [`DataError::NotFinite`] for the first number that is infinite or not a number.
    pub fn new(inputs: Batch<S, T>, targets: Batch<Y, T>) -> Result<Self, DataError> {
        if let Some(lengths) = inputs.lengths().or(targets.lengths()) {
            return Err(DataError::Lanes { found: lengths.len() });
        }
        if inputs.columns() != targets.columns() {
            let (inputs, targets) = (inputs.columns(), targets.columns());
            return Err(DataError::Counts { inputs, targets });
        }
        inputs.check_finite(Part::Input)?;
        targets.check_finite(Part::Target)?;
        Ok(Dataset { inputs, targets })
    }

    /// As [`new`](Self::new), from the numbers of all inputs and of all targets.
    ///
    /// # Errors
    /// Those of [`Batch::from_vec`] and [`new`](Self::new).
    pub fn from_vecs(
        inputs: Vec<S::Element<T>>,
        targets: Vec<Y::Element<T>>,
    ) -> Result<Self, DataError> {
        Self::new(Batch::from_vec(inputs)?, Batch::from_vec(targets)?)
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.inputs.columns()
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty()
    }

    /// All inputs.
    pub fn inputs(&self) -> &Batch<S, T> {
        &self.inputs
    }

    /// All targets.
    pub fn targets(&self) -> &Batch<Y, T> {
        &self.targets
    }

    /// All inputs, to be changed by what keeps their number and leaves them finite.
    pub(super) fn inputs_mut(&mut self) -> &mut Batch<S, T> {
        &mut self.inputs
    }

    /// All targets, to be changed by what keeps their number and leaves them finite.
    pub(super) fn targets_mut(&mut self) -> &mut Batch<Y, T> {
        &mut self.targets
    }

    /// One input and its target, or `None` beyond the last.
    #[expect(clippy::type_complexity, reason = "two slices in an option")]
    pub fn get(&self, index: usize) -> Option<(&[S::Element<T>], &[Y::Element<T>])> {
        (index < self.len()).then(|| (self.inputs.column(index), self.targets.column(index)))
    }

    /// Puts the samples in a random order, each order as likely as any other.
    pub fn shuffle(&mut self, rng: &mut impl Rng) {
        // Fisher and Yates: each place, from the last down, draws from those not yet drawn.
        for last in (1..self.len()).rev() {
            let drawn = rng.random_range(0..=last);
            self.inputs.swap(last, drawn);
            self.targets.swap(last, drawn);
        }
    }

    /// Shuffles, then cuts in two: `fraction` of the samples (to the nearest whole number), and the
    /// others.
    ///
    /// # Panics
    /// If `fraction` is not within 0 to 1.
    ///
    /// ```
    /// use formwork::data::{Dataset, Grid, Values};
    /// use rand::SeedableRng;
    /// use rand_xoshiro::Xoshiro256PlusPlus;
    ///
    /// let line = Dataset::<Grid<1>, Values<1>>::from_vecs(vec![1.0; 10], vec![2.0; 10])?;
    /// let (train, test) = line.split(0.8, &mut Xoshiro256PlusPlus::seed_from_u64(7));
    /// assert_eq!((train.len(), test.len()), (8, 2));
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    pub fn split(mut self, fraction: f64, rng: &mut impl Rng) -> (Self, Self) {
        assert!(
            (0.0..=1.0).contains(&fraction),
            "split at the fraction {fraction}, not within 0 to 1"
        );
        self.shuffle(rng);
        let first = (fraction * self.len() as f64 + 0.5) as usize;
        self.split_at(first)
    }

    /// Cuts in two without shuffling: the first `first` samples, and the others.
    ///
    /// # Panics
    /// If there are not so many samples.
    pub fn split_at(mut self, first: usize) -> (Self, Self) {
        assert!(first <= self.len(), "split at {first} of {} samples", self.len());
        let (inputs, targets) = (self.inputs.split_off(first), self.targets.split_off(first));
        (self, Dataset { inputs, targets })
    }

    /// The first `count` samples, or all where there are fewer.
    pub fn take(self, count: usize) -> Self {
        let count = count.min(self.len());
        self.split_at(count).0
    }

    /// Copies the samples at `indices`, in that order; an index may stand there more than once.
    ///
    /// # Panics
    /// If there is no sample at one of the indices.
    pub fn subset(&self, indices: &[usize]) -> Self {
        let mut subset = Dataset { inputs: Batch::new(), targets: Batch::new() };
        subset.inputs.gather(&self.inputs, indices);
        subset.targets.gather(&self.targets, indices);
        subset
    }
}

impl<S: Sample, const N: usize, T: Number> Dataset<S, Classes<N>, T> {
    /// How many samples belong to each class. [`IGNORED`] is none.
    pub fn class_counts(&self) -> [usize; N] {
        let mut counts = [0; N];
        for &id in self.targets.data().iter().filter(|&&id| id != IGNORED) {
            counts[id as usize] += 1;
        }
        counts
    }
}

impl<S: Sample, Y: Target, T: Number> Clone for Dataset<S, Y, T> {
    fn clone(&self) -> Self {
        Dataset { inputs: self.inputs.clone(), targets: self.targets.clone() }
    }
}

impl<S: Sample, Y: Target, T: Number> PartialEq for Dataset<S, Y, T> {
    fn eq(&self, other: &Self) -> bool {
        self.inputs == other.inputs && self.targets == other.targets
    }
}

impl<S: Sample, Y: Target, T: Number> Debug for Dataset<S, Y, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.inputs.iter().zip(self.targets.iter())).finish()
    }
}
