//! Numbers that tell one thing from another.

use super::run::Run;
use super::trainer::Trainer;
use crate::data::{Batch, Dataset, Target};
use crate::kernel::{Real, dispatch::Level};
use crate::optim::Optimizer;
use crate::shape::{Elements, Sample};
use crate::{Model, Network};
use alloc::format;

/// A checksum by the method of Fowler, Noll and Vo (FNV-1a), for whole words.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Checksum(pub u64);

impl Checksum {
    /// That of a data set.
    pub fn of<S: Sample, Y: Target, T: Real>(data: &Dataset<S, Y, T>) -> Self {
        Self::default().batch(data.inputs()).batch(data.targets())
    }

    /// That of a run before its first step, and of how processors round.
    pub fn of_run<N: Network, Y: Target, O: Optimizer<T>, T: Real>(
        run: &Run<'_, '_, N, Y, O, T>,
        model: &Model<N, T>,
    ) -> Self {
        let Trainer { optimizer, settings, validation, .. } = &*run.trainer;
        let text = format!(
            "{} {:?} {} {} {} {:?} {} {:?} {} {:?}",
            settings.epochs,
            optimizer.settings(),
            settings.batch_size,
            run.passes.groups(),
            settings.drop_last,
            settings.clip_norm,
            settings.keep_best,
            settings.patience,
            run.history.epochs.len(),
            Level::current(),
        );
        let sum = Self::default().text(&text).word(run.seed).word(run.base.to_bits());
        let sum = sum.numbers(model.parameters()).numbers(model.statistics());
        let remembered = optimizer.state().slices();
        let sum = remembered.fold(sum, |sum, (_, values)| sum.numbers(values));
        let sum = sum.word(Self::of(run.train).0);
        validation.map_or(sum, |data| sum.word(Self::of(data).0))
    }

    fn word(self, word: u64) -> Self {
        const PRIME: u64 = 0x100_0000_01b3;
        Self((self.0 ^ word).wrapping_mul(PRIME).rotate_left(23))
    }

    fn text(self, text: &str) -> Self {
        text.bytes().fold(self, |sum, byte| sum.word(byte.into()))
    }

    fn numbers<T: Real>(self, numbers: &[T]) -> Self {
        numbers.iter().fold(self, |sum, number| sum.word(number.to_f64().to_bits()))
    }

    fn batch<S: Sample, T: Real>(self, batch: &Batch<S, T>) -> Self {
        match batch.elements() {
            Elements::Numbers(numbers) => self.numbers(numbers),
            Elements::Ids(ids) => ids.iter().fold(self, |sum, &id| sum.word(id.into())),
        }
    }
}
