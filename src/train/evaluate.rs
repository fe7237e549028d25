//! Loss and accuracy over a data set.

use super::communicator::{self, Alone, Communicator};
use super::error::TrainError;
use super::reduce::AllReduce;
use crate::data::{Batch, Batches, Dataset, Target};
use crate::kernel::Real;
use crate::loss::Loss;
use crate::net::OutputMatrix;
use crate::shape::Elements;
use crate::{Inference, Model, Network};
use alloc::vec;
use nalgebra::DimName;

/// How a model does on a data set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// The mean loss over the samples, by their [weights](Loss::weight) if the loss gives any.
    pub loss: f64,
    /// The share of the samples whose class has the largest output; `None` where the targets are
    /// not classes with an output for each.
    pub accuracy: Option<f64>,
}

/// Measures models on data sets, with memory that is made once, for batches of one size.
///
/// Samples have nothing to do with each other: the state of recurrent layers is that before the first
/// step for each batch, so that a measurement depends neither on those before it nor on the size of
/// the batches, but for rounding.
///
/// ```
/// use formwork::data::toy;
/// use formwork::prelude::*;
/// use formwork::train::Evaluator;
/// use rand::SeedableRng;
///
/// network! {
///     struct Gate: Vector<2> => Vector<2> { fc: Dense<2> }
/// }
///
/// let model = Model::<Gate>::zeroed();
/// let evaluation = Evaluator::new(3).run(&model, &SoftmaxCrossEntropy::default(), &toy::xor());
/// // All outputs are zero, so each of the two classes has the probability 1/2.
/// assert!((evaluation.loss - 2.0_f64.ln()).abs() < 1e-6);
/// assert_eq!(evaluation.accuracy, Some(0.5));
/// ```
pub struct Evaluator<N: Network, Y: Target, T: Real = f32> {
    inference: Inference<N, T>,
    batches: Batches<N::Sample, Y, T>,
}

impl<N: Network, Y: Target, T: Real> Evaluator<N, Y, T> {
    /// Memory for batches of `batch_size` samples.
    ///
    /// # Panics
    /// If that is zero.
    pub fn new(batch_size: usize) -> Self {
        Self { inference: Inference::new(batch_size), batches: Batches::new(batch_size) }
    }

    /// Measures `model` on `data`, whose samples must be those that the network takes and whose
    /// targets those that the loss takes for its outputs. Without samples, or
    /// where all targets are to be ignored, the loss is not a number.
    pub fn run<L>(
        &mut self,
        model: &Model<N, T>,
        loss: &L,
        data: &Dataset<N::Sample, L::Target, T>,
    ) -> Evaluation
    where
        L: Loss<N::Outputs, Target = Y>,
    {
        self.run_on(&Alone, model, loss, data).expect("no other rank is asked")
    }

    /// The same, with batches dealt to all ranks, and the same bits.
    pub(super) fn run_on<L>(
        &mut self,
        ranks: &dyn Communicator,
        model: &Model<N, T>,
        loss: &L,
        data: &Dataset<N::Sample, L::Target, T>,
    ) -> Result<Evaluation, TrainError>
    where
        L: Loss<N::Outputs, Target = Y>,
    {
        let mut epoch = self.batches.in_order(data);
        let count = epoch.remaining();
        // Mean loss, weight, samples and right answers of each batch, zero where it is another rank's.
        let mut measured = vec![0.0; 4 * count];
        for batch in 0..count {
            let Some((inputs, targets)) = epoch.next_batch() else { break };
            if batch % communicator::ranks(ranks) != communicator::rank(ranks) {
                continue;
            }
            self.inference.reset();
            let outputs = self.inference.run(model, inputs);
            let [samples, right] = Score::of::<N, Y, T>(&outputs, targets).to_numbers();
            let weight = loss.weight(targets);
            let loss = loss.evaluate(outputs, targets, None).to_f64();
            measured[4 * batch..][..4].copy_from_slice(&[loss, weight, samples, right]);
        }
        AllReduce::new(ranks).sum(&mut measured)?;
        let mut totals = Totals::default();
        for &[loss, weight, samples, right] in measured.as_chunks().0 {
            totals.add(loss, weight, Score::from_numbers([samples, right]));
        }
        Ok(totals.mean())
    }
}

/// What has been measured so far.
#[derive(Default)]
pub(super) struct Totals {
    loss: f64,
    weight: f64,
    samples: usize,
    right: Option<usize>,
}

impl Totals {
    /// Adds a batch of this mean loss, by its weight.
    pub fn add(&mut self, loss: f64, weight: f64, score: Score) {
        if weight > 0.0 {
            self.loss += loss * weight;
            self.weight += weight;
        }
        if score.samples > 0 {
            self.samples += score.samples;
            self.right = score.right.map(|right| right + self.right.unwrap_or(0));
        }
    }

    pub fn mean(&self) -> Evaluation {
        let accuracy = self.right.map(|right| right as f64 / self.samples as f64);
        Evaluation { loss: self.loss / self.weight, accuracy }
    }
}

/// What is counted in a batch.
pub(super) struct Score {
    /// The samples that have a target: all but those whose class is to be ignored.
    samples: usize,
    /// Those whose class has the largest output.
    right: Option<usize>,
}

impl Score {
    /// As numbers to be added up: what is not known is not a number.
    pub fn to_numbers(&self) -> [f64; 2] {
        [self.samples as f64, self.right.map_or(f64::NAN, |right| right as f64)]
    }

    pub fn from_numbers([samples, right]: [f64; 2]) -> Self {
        let right = (!right.is_nan()).then_some(right as usize);
        Self { samples: samples as usize, right }
    }

    pub fn of<N: Network, Y: Target, T: Real>(
        outputs: &OutputMatrix<'_, N, T>,
        targets: &Batch<Y, T>,
    ) -> Self {
        let Elements::Ids(ids) = targets.elements() else {
            return Self { samples: targets.columns(), right: None };
        };
        let limit = Y::LIMIT.map_or(usize::MAX, |limit| limit as usize);
        let samples = ids.iter().filter(|&&id| (id as usize) < limit).count();
        if limit != N::Outputs::DIM || outputs.ncols() != ids.len() {
            return Self { samples, right: None };
        }
        // The first of equals is the answer; what is not a number is never right.
        let is_right = |&(outputs, &id): &(&[T], &u32)| {
            outputs.split_at_checked(id as usize).is_some_and(|(before, from)| {
                from.first().is_some_and(|target| {
                    before.iter().all(|output| output < target)
                        && from.iter().all(|output| output <= target)
                })
            })
        };
        let columns = outputs.as_slice().chunks_exact(limit);
        Self { samples, right: Some(columns.zip(ids).filter(is_right).count()) }
    }
}
