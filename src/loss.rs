//! Losses: how far a network's outputs are from the targets, and which way is better.
//!
//! | loss | targets | for |
//! |---|---|---|
//! | [`SoftmaxCrossEntropy`] | [`Classes`](crate::data::Classes) | one class of several |
//! | [`SoftTargetCrossEntropy`] | [`Values`](crate::data::Values) | a distribution over classes |
//! | [`SigmoidCrossEntropy`] | [`Values`](crate::data::Values) | yes or no, for each output |
//! | [`MeanSquaredError`] | [`Values`](crate::data::Values) | regression |
//! | [`MeanAbsoluteError`] | [`Values`](crate::data::Values) | regression with outliers |
//! | [`Huber`] | [`Values`](crate::data::Values) | regression with some outliers |
//!
//! [`NegativeSampling`] stands in for the first where there are very many classes. It has parameters
//! of its own, so it is no [`Loss`], but is used like one.
//!
//! The cross-entropies take logits, so a network that they train ends without softmax or sigmoid.
//! Each calculates loss and gradient together; large batches are shared among
//! [threads](crate::kernel::parallel), and the bits do not depend on their number.
//!
//! Names in the equations: `n` samples, `N` outputs a sample, outputs `x` and targets `t`, both
//! `N x n`.

mod elementwise;
mod huber;
mod mean_absolute_error;
mod mean_squared_error;
mod negative_sampling;
mod pieces;
mod sigmoid_cross_entropy;
mod soft_target_cross_entropy;
mod softmax;
mod softmax_cross_entropy;

pub use huber::Huber;
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_squared_error::MeanSquaredError;
pub use negative_sampling::{NegativeSampling, SamplerError, UnigramSampler};
pub use sigmoid_cross_entropy::SigmoidCrossEntropy;
pub use soft_target_cross_entropy::SoftTargetCrossEntropy;
pub use softmax_cross_entropy::SoftmaxCrossEntropy;

use crate::data::{Batch, Target};
use crate::kernel::Real;

/// What a network's outputs are held against. `Outputs` is [`Outputs<N>`](crate::network::Outputs)
/// for a network with `N` outputs.
///
/// A loss is a mean over the columns of a batch, so that a learning rate means the same for
/// batches of any size. Of no columns it is 0.
pub trait Loss<Outputs> {
    /// What belongs to a column as its answer.
    type Target: Target;

    /// The mean loss of `outputs`, a column a sample; and where asked for, its gradient by them,
    /// which overwrites `gradient`.
    ///
    /// # Panics
    /// When outputs, targets and gradient are not of the same number of columns.
    fn evaluate<T: Real>(
        &self,
        outputs: &[T],
        targets: &Batch<Self::Target, T>,
        gradient: Option<&mut [T]>,
    ) -> T;
}

/// A loss that compares with what it draws at random, and may have parameters of its own.
pub trait SampledLoss<Outputs, T: Real> {
    /// What belongs to a column as its answer.
    type Target: Target;

    /// Draws what the targets are to be told from.
    fn draw(&mut self, targets: &Batch<Self::Target, T>);

    /// The mean loss of `outputs`, a column a sample, by what was drawn last; and where asked for,
    /// its gradient by them, which overwrites `gradient`, and that by parameters of its own.
    ///
    /// # Panics
    /// When outputs, gradient and what was drawn are not of the same number of columns.
    fn evaluate(&mut self, outputs: &[T], gradient: Option<&mut [T]>) -> T;
}
