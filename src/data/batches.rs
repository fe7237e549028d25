//! Mini-batches, without an allocation per step.

use alloc::vec::Vec;
use core::slice::Chunks;

use rand::Rng;
use rand::seq::SliceRandom;

use super::batch::Batch;
use super::dataset::Dataset;
use super::target::Target;
use crate::shape::{Number, Sample};

/// Cuts data sets into mini-batches. Its memory is made by the first batch and serves every epoch.
///
/// ```
/// use formwork::data::{Batches, Dataset, Grid, Values};
///
/// let inputs = vec![0.0, 1.0, 2.0, 3.0, 4.0];
/// let data = Dataset::<Grid<1>, Values<1>>::from_vecs(inputs.clone(), inputs)?;
/// let mut batches = Batches::new(2);
/// let mut epoch = batches.in_order(&data);
/// let mut sizes = vec![];
/// while let Some((inputs, _)) = epoch.next_batch() {
///     sizes.push(inputs.columns());
/// }
/// assert_eq!(sizes, [2, 2, 1]);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
pub struct Batches<S: Sample, Y: Target, T: Number = f32> {
    size: usize,
    drop_last: bool,
    order: Vec<usize>,
    inputs: Batch<S, T>,
    targets: Batch<Y, T>,
}

impl<S: Sample, Y: Target, T: Number> Batches<S, Y, T> {
    /// Batches of `size` samples each; the last of an epoch holds what is left.
    ///
    /// # Panics
    /// If `size` is zero.
    pub fn new(size: usize) -> Self {
        assert!(size > 0, "a mini-batch of no samples");
        Batches {
            size,
            drop_last: false,
            order: Vec::new(),
            inputs: Batch::new(),
            targets: Batch::new(),
        }
    }

    /// Leaves out the last batch of an epoch where it would not be a full one, as `drop_last` of
    /// PyTorch's `DataLoader`: of a shuffled epoch, other samples each time.
    ///
    /// ```
    /// use formwork::data::{Batches, Dataset, Grid, Values};
    ///
    /// let inputs = vec![0.0, 1.0, 2.0, 3.0, 4.0];
    /// let data = Dataset::<Grid<1>, Values<1>>::from_vecs(inputs.clone(), inputs)?;
    /// let mut batches = Batches::new(2).drop_last();
    /// assert_eq!(batches.in_order(&data).remaining(), 2);
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    #[must_use]
    pub fn drop_last(self) -> Self {
        Self { drop_last: true, ..self }
    }

    /// How many samples a full batch holds.
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many of so many samples an epoch deals out.
    pub(crate) fn dealt(&self, samples: usize) -> usize {
        if self.drop_last { samples / self.size * self.size } else { samples }
    }

    /// In how many batches.
    #[cfg(feature = "std")]
    pub(crate) fn steps(&self, samples: usize) -> usize {
        self.dealt(samples).div_ceil(self.size)
    }

    /// The place in the data set of a sample, of which so many came before it in the last pass.
    #[cfg(feature = "std")]
    pub(crate) fn place(&self, sample: usize) -> Option<usize> {
        self.order.get(sample).copied()
    }

    /// One pass over `data`, every sample once, in a new random order.
    pub fn shuffled<'a>(
        &'a mut self,
        data: &'a Dataset<S, Y, T>,
        rng: &mut impl Rng,
    ) -> Epoch<'a, S, Y, T> {
        // From the identity, so that an epoch's order depends on the generator alone.
        self.reset(data.len());
        self.order.shuffle(rng);
        self.epoch(data)
    }

    /// The places of the samples in the batches of such a pass.
    #[cfg(feature = "std")]
    pub(crate) fn shuffled_places(&mut self, len: usize, rng: &mut impl Rng) -> Chunks<'_, usize> {
        self.reset(len);
        self.order.shuffle(rng);
        let dealt = self.dealt(len);
        self.order[..dealt].chunks(self.size)
    }

    /// One pass over `data` in its own order.
    pub fn in_order<'a>(&'a mut self, data: &'a Dataset<S, Y, T>) -> Epoch<'a, S, Y, T> {
        self.reset(data.len());
        self.epoch(data)
    }

    fn reset(&mut self, len: usize) {
        self.order.clear();
        self.order.extend(0..len);
    }

    fn epoch<'a>(&'a mut self, data: &'a Dataset<S, Y, T>) -> Epoch<'a, S, Y, T> {
        Epoch {
            data,
            chunks: self.order[..self.dealt(data.len())].chunks(self.size),
            inputs: &mut self.inputs,
            targets: &mut self.targets,
        }
    }
}

/// One pass over a data set: see [`Batches`].
pub struct Epoch<'a, S: Sample, Y: Target, T: Number = f32> {
    data: &'a Dataset<S, Y, T>,
    chunks: Chunks<'a, usize>,
    inputs: &'a mut Batch<S, T>,
    targets: &'a mut Batch<Y, T>,
}

impl<S: Sample, Y: Target, T: Number> Epoch<'_, S, Y, T> {
    /// The next inputs and their targets, or `None` at the end. They are lent until the next call
    /// (which an [`Iterator`] could not express): use `while let`.
    #[expect(clippy::type_complexity, reason = "two references in an option")]
    pub fn next_batch(&mut self) -> Option<(&Batch<S, T>, &Batch<Y, T>)> {
        let indices = self.chunks.next()?;
        self.inputs.gather(self.data.inputs(), indices);
        self.targets.gather(self.data.targets(), indices);
        Some((self.inputs, self.targets))
    }

    /// As [`next_batch`](Self::next_batch), the inputs to be changed in place: noise added, images
    /// shifted.
    #[expect(clippy::type_complexity, reason = "two references in an option")]
    pub fn next_batch_mut(&mut self) -> Option<(&mut Batch<S, T>, &Batch<Y, T>)> {
        self.next_batch()?;
        Some((self.inputs, self.targets))
    }

    /// How many batches are still to come.
    pub fn remaining(&self) -> usize {
        self.chunks.len()
    }
}
