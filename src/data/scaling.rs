//! Bringing inputs to a common scale.

use core::marker::PhantomData;

use alloc::vec::Vec;
use nalgebra::{ComplexField, RealField, convert};

use super::batch::Batch;
use super::dataset::Dataset;
use super::target::Target;
use crate::shape::{Number, Sample};

/// A rescaling, `x -> (x - shift) * factor`, measured on one batch and applied to others.
///
/// Measure it on the training set alone and apply it to every set, so that nothing of the test
/// set leaks into the training.
///
/// ```
/// use formwork::data::{Batch, Grid, Scaling};
///
/// let train = Batch::<Grid<2>>::from_rows([[1.0, 10.0], [3.0, 30.0]])?;
/// let scaling = Scaling::standard(&train);
///
/// // Means 2 and 20, standard deviations 1 and 10.
/// let mut test = Batch::<Grid<2>>::from_rows([[4.0, 15.0]])?;
/// scaling.apply(&mut test);
/// assert_eq!(test.column(0), [2.0, -0.5]);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scaling<S: Sample, T: Number = f32> {
    shift: Vec<T>,
    factor: Vec<T>,
    /// How many numbers in a row share a shift and a factor.
    group: usize,
    sample: PhantomData<S>,
}

impl<S: Sample<Element<T> = T>, T: Number + RealField> Scaling<S, T> {
    /// Gives each number of a sample the mean 0 and the standard deviation 1 over `batch`. A number
    /// that is the same in all samples becomes 0.
    pub fn standard(batch: &Batch<S, T>) -> Self {
        Self::standard_by(batch, 1)
    }

    /// As [`standard`](Self::standard), with one mean and one deviation for each channel: usual for
    /// images, whose pixels should keep their contrast to each other.
    pub fn standard_by_channel(batch: &Batch<S, T>) -> Self {
        let [_, height, width] = S::DIMS;
        Self::standard_by(batch, height * width)
    }

    /// Gives each number of a sample the minimum 0 and the maximum 1 over `batch`. A number that is
    /// the same in all samples becomes 0.
    pub fn unit_range(batch: &Batch<S, T>) -> Self {
        let mut low = alloc::vec![f64::INFINITY; S::SIZE];
        let mut high = alloc::vec![f64::NEG_INFINITY; S::SIZE];
        each(batch, 1, |group, value| {
            low[group] = low[group].min(value);
            high[group] = high[group].max(value);
        });
        if batch.is_empty() {
            low.fill(0.0);
        }
        let span = low.iter().zip(&high).map(|(low, high)| high - low).collect();
        Self::from_parts(low, span, 1)
    }

    /// Rescales a batch in place.
    pub fn apply(&self, batch: &mut Batch<S, T>) {
        self.change(batch, |x, shift, factor| (x - shift) * factor);
    }

    /// Takes [`apply`](Self::apply) back, up to rounding: brings what a network learnt to say in
    /// scaled targets into their own unit.
    pub fn undo(&self, batch: &mut Batch<S, T>) {
        self.change(batch, |x, shift, factor| x / factor + shift);
    }

    fn standard_by(batch: &Batch<S, T>, group: usize) -> Self {
        let count = (batch.columns() * group).max(1) as f64;
        // Sums of differences from one value: exactly zero where all values are the same.
        let origin: Vec<f64> = match batch.iter().next() {
            Some(sample) => sample.iter().step_by(group).map(|&value| value.into()).collect(),
            None => alloc::vec![0.0; S::SIZE / group],
        };
        let mut mean = alloc::vec![0.0; S::SIZE / group];
        each(batch, group, |group, value| mean[group] += value - origin[group]);
        for (mean, origin) in mean.iter_mut().zip(&origin) {
            *mean = origin + *mean / count;
        }
        let mut deviation = alloc::vec![0.0; S::SIZE / group];
        each(batch, group, |group, value| {
            deviation[group] += (value - mean[group]) * (value - mean[group]);
        });
        for value in &mut deviation {
            *value = ComplexField::sqrt(*value / count);
        }
        Self::from_parts(mean, deviation, group)
    }

    /// The scaling that subtracts `shift` and divides by `span`, where that is not zero.
    fn from_parts(shift: Vec<f64>, span: Vec<f64>, group: usize) -> Self {
        let factor = |span: f64| {
            if span > 0.0 { convert(1.0 / span) } else { T::one() }
        };
        Scaling {
            shift: shift.into_iter().map(convert).collect(),
            factor: span.into_iter().map(factor).collect(),
            group,
            sample: PhantomData,
        }
    }

    fn change(&self, batch: &mut Batch<S, T>, rule: impl Fn(T, T, T) -> T) {
        for sample in batch.samples_mut() {
            let groups = sample.chunks_exact_mut(self.group);
            for (group, (&shift, &factor)) in groups.zip(self.shift.iter().zip(&self.factor)) {
                for value in group {
                    *value = rule(*value, shift, factor);
                }
            }
        }
    }
}

impl<S: Sample<Element<T> = T>, Y: Target, T: Number + RealField> Dataset<S, Y, T> {
    /// Rescales the inputs in place.
    pub fn scale_inputs(&mut self, scaling: &Scaling<S, T>) {
        scaling.apply(self.inputs_mut());
    }
}

impl<S: Sample, Y: Target<Element<T> = T>, T: Number + RealField> Dataset<S, Y, T> {
    /// Rescales the targets in place.
    pub fn scale_targets(&mut self, scaling: &Scaling<Y, T>) {
        scaling.apply(self.targets_mut());
    }
}

/// Visits every number with the index, in its sample, of its group.
fn each<S: Sample<Element<T> = T>, T: Number>(
    batch: &Batch<S, T>,
    group: usize,
    mut visit: impl FnMut(usize, f64),
) {
    for sample in batch {
        for (index, values) in sample.chunks_exact(group).enumerate() {
            values.iter().for_each(|&value| visit(index, value.into()));
        }
    }
}
