//! Losses: how far a network's outputs are from the targets, and which way is better.
//!
//! | loss | targets | for |
//! |---|---|---|
//! | [`SoftmaxCrossEntropy`] | [`Classes`](crate::data::Classes) | one class of several |
//! | [`WeightedSoftmaxCrossEntropy`] | [`Classes`](crate::data::Classes) | the same, with a weight for each class |
//! | [`SoftTargetCrossEntropy`] | [`Values`](crate::data::Values) | a distribution over classes |
//! | [`SigmoidCrossEntropy`] | [`Values`](crate::data::Values) | yes or no, for each output |
//! | [`WeightedSigmoidCrossEntropy`] | [`Values`](crate::data::Values) | the same, with a weight for each yes |
//! | [`MeanSquaredError`] | [`Values`](crate::data::Values) | regression |
//! | [`MeanAbsoluteError`] | [`Values`](crate::data::Values) | regression with outliers |
//! | [`Huber`] | [`Values`](crate::data::Values) | regression with some outliers |
//! | [`ErrorToSignal`] | [`Values`](crate::data::Values) | signals that are heard |
//! | [`MultiResolutionStft`] | [`Values`](crate::data::Values) | the same, whatever the phase |
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
mod error_to_signal;
#[cfg(feature = "std")]
mod fourier;
mod huber;
mod mean_absolute_error;
mod mean_squared_error;
#[cfg(feature = "std")]
mod multi_resolution_stft;
mod negative_sampling;
mod pieces;
mod sigmoid_cross_entropy;
mod soft_target_cross_entropy;
mod softmax;
mod softmax_cross_entropy;
mod weighted_sigmoid_cross_entropy;
mod weighted_softmax_cross_entropy;

pub use error_to_signal::ErrorToSignal;
pub use huber::Huber;
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_squared_error::MeanSquaredError;
#[cfg(feature = "std")]
pub use multi_resolution_stft::MultiResolutionStft;
pub use negative_sampling::{NegativeSampling, NegativeSamplingOf, SamplerError, UnigramSampler};
pub use sigmoid_cross_entropy::SigmoidCrossEntropy;
pub use soft_target_cross_entropy::SoftTargetCrossEntropy;
pub use softmax_cross_entropy::SoftmaxCrossEntropy;
pub use weighted_sigmoid_cross_entropy::WeightedSigmoidCrossEntropy;
pub use weighted_softmax_cross_entropy::WeightedSoftmaxCrossEntropy;

use crate::data::{Batch, Target};
use crate::kernel::Real;
use crate::shape::{Elements, Sample};
use alloc::string::String;
use nalgebra::{DimName, Dyn, MatrixView, MatrixViewMut};

/// What comes out of a network: `Outputs x n`, a column a sample.
pub type OutputMatrix<'a, T, Outputs> = MatrixView<'a, T, Outputs, Dyn>;
/// As [`OutputMatrix`], to be written: the gradient of a loss by the outputs.
pub type OutputMatrixMut<'a, T, Outputs> = MatrixViewMut<'a, T, Outputs, Dyn>;

/// What a network's outputs are held against. `Outputs` is `Const<N>` for a network with `N` outputs.
///
/// A loss is a mean over the columns of a batch, so that a learning rate means the same for
/// batches of any size. Of no columns it is 0.
///
/// ```
/// use formwork::data::{Batch, Values};
/// use formwork::kernel::Real;
/// use formwork::loss::{Loss, OutputMatrix, OutputMatrixMut};
/// use nalgebra::{Const, Matrix2xX};
///
/// /// How far the sum of the outputs is from a target, squared.
/// struct SumError;
///
/// impl<const N: usize> Loss<Const<N>> for SumError {
///     type Target = Values<1>;
///
///     fn evaluate<T: Real>(
///         &self,
///         outputs: OutputMatrix<'_, T, Const<N>>,
///         targets: &Batch<Values<1>, T>,
///         gradient: Option<OutputMatrixMut<'_, T, Const<N>>>,
///     ) -> T {
///         let errors = outputs.row_sum() - targets.matrix::<1>();
///         let scale = T::ONE / T::of(targets.columns() as f64);
///         if let Some(mut gradient) = gradient {
///             for (mut column, &error) in gradient.column_iter_mut().zip(&errors) {
///                 column.fill(T::of(2.0) * error * scale);
///             }
///         }
///         errors.norm_squared() * scale
///     }
/// }
///
/// let outputs = Matrix2xX::from_column_slice(&[1.0, 2.0, 0.0, 0.5]);
/// let targets = Batch::from_rows([[2.0], [0.5]])?;
/// assert_eq!(SumError.evaluate(outputs.as_view(), &targets, None), 0.5);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no loss for a network with `{Outputs}` outputs",
    label = "no loss for what this network gives"
)]
pub trait Loss<Outputs: DimName> {
    /// What belongs to a column as its answer.
    type Target: Target;

    /// The mean loss of `outputs`, a column a sample; and where asked for, its gradient by them,
    /// which overwrites `gradient`.
    ///
    /// # Panics
    /// When outputs, targets and gradient are not of the same number of columns.
    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Outputs>,
        targets: &Batch<Self::Target, T>,
        gradient: Option<OutputMatrixMut<'_, T, Outputs>>,
    ) -> T;

    /// The loss with what was set, as text: for checkpoints, which refuse to go on with something else.
    /// Without it they know the name of the type.
    fn settings(&self) -> String {
        String::new()
    }

    /// By how much the mean over `targets` counts in a mean over several batches: by how many of them
    /// are not [`IGNORED`](crate::data::IGNORED), unless the loss gives them weights.
    fn weight<T: Real>(&self, targets: &Batch<Self::Target, T>) -> f64 {
        let answered = match targets.elements() {
            Elements::Numbers(_) => targets.columns(),
            Elements::Ids(ids) => {
                ids.iter().filter(|&&id| Some(id) != <Self::Target as Sample>::EXEMPT).count()
            }
        };
        answered as f64
    }
}

/// Refuses weights that make no mean.
#[track_caller]
const fn assert_weights(weights: &[f64]) {
    let mut i = 0;
    while i < weights.len() {
        assert!(
            weights[i].is_finite() && weights[i] >= 0.0,
            "the weights of a loss must be finite and not negative"
        );
        i += 1;
    }
}
