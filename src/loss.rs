//! Losses.

mod softmax_cross_entropy;

pub use softmax_cross_entropy::SoftmaxCrossEntropy;

use crate::data::{Batch, Target};
use crate::kernel::Real;

/// What a network's outputs are held against. `Outputs` is [`Outputs<N>`](crate::network::Outputs)
/// for a network with `N` outputs.
///
/// A loss is a mean over the columns of a batch, so that a learning rate means the same for
/// batches of any size.
pub trait Loss<Outputs> {
    /// What belongs to a column as its answer.
    type Target: Target;

    /// The mean loss of `outputs`, a column a sample; and where asked for, its gradient by them.
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
