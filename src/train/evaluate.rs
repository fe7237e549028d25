//! Loss and accuracy over a data set.

use crate::data::{Batch, Batches, Dataset, IGNORED, Sample, Target};
use crate::kernel::Real;
use crate::loss::Loss;
use crate::network::Network;
use crate::shape::{Elements, Shape};
use crate::{Inference, Model};

/// How a model does on a data set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// The mean loss over the samples.
    pub loss: f64,
    /// The share of the samples whose class has the largest output; `None` where the targets are
    /// not classes with an output for each.
    pub accuracy: Option<f64>,
}

/// Measures models on data sets, with memory that is made once, for batches of one size.
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

    /// Measures `model` on `data`. Without samples, the loss is not a number.
    pub fn run<L: Loss<N::Outputs, Target = Y>>(
        &mut self,
        model: &Model<N, T>,
        loss: &L,
        data: &Dataset<N::Sample, Y, T>,
    ) -> Evaluation {
        let mut totals = Totals::default();
        let mut epoch = self.batches.in_order(data);
        while let Some((inputs, targets)) = epoch.next_batch() {
            let outputs = self.inference.run(model, inputs);
            let loss = loss.evaluate(outputs, targets, None).to_f64();
            totals.add(loss, right::<N, Y, T>(outputs, targets), answered(targets));
        }
        totals.mean()
    }
}

/// What has been measured so far.
#[derive(Default)]
pub(super) struct Totals {
    loss: f64,
    right: Option<usize>,
    samples: usize,
}

impl Totals {
    /// Adds a batch of `samples` with an answer, of this mean loss, this many of them `right`.
    pub fn add(&mut self, loss: f64, right: Option<usize>, samples: usize) {
        self.loss += loss * samples as f64;
        self.right = right.map(|right| right + self.right.unwrap_or(0));
        self.samples += samples;
    }

    pub fn mean(&self) -> Evaluation {
        let samples = self.samples as f64;
        let accuracy = self.right.map(|right| right as f64 / samples);
        Evaluation { loss: self.loss / samples, accuracy }
    }
}

/// How many columns have an answer: a class may be [`IGNORED`].
pub(super) fn answered<Y: Target, T: Real>(targets: &Batch<Y, T>) -> usize {
    match <Y as Sample>::elements::<T>(targets.data()) {
        Elements::Ids(ids) => ids.iter().filter(|&&id| id != IGNORED).count(),
        Elements::Numbers(_) => targets.columns(),
    }
}

/// For how many columns the target's class has the largest output; `None` where the targets are
/// not classes with an output for each.
pub(super) fn right<N: Network, Y: Target, T: Real>(
    outputs: &[T],
    targets: &Batch<Y, T>,
) -> Option<usize> {
    let classes = N::Output::SIZE;
    let Elements::Ids(ids) = <Y as Sample>::elements::<T>(targets.data()) else { return None };
    if Y::LIMIT.map(|limit| limit as usize) != Some(classes) || outputs.len() != classes * ids.len()
    {
        return None;
    }
    let is_right = |(outputs, id): (&[T], &u32)| {
        let Some(&target) = outputs.get(*id as usize) else { return false };
        // The first of equals counts as the answer; not a number is never right.
        let before = outputs[..*id as usize].iter().all(|&output| output < target);
        before && outputs[*id as usize..].iter().all(|&output| output <= target)
    };
    Some(outputs.chunks_exact(classes).zip(ids).filter(|pair| is_right(*pair)).count())
}
