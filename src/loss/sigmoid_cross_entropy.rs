//! Sigmoid with cross-entropy, for a yes or no from each output.
//!
//! ```text
//! p         = sigmoid(x) = 1 / (1 + e^-x)
//! loss      = mean over samples and outputs of -(t ln p + (1 - t) ln(1 - p))
//!           = mean of max(x, 0) - x t + ln(1 + e^-|x|)
//! gradient  = (p - t) / (N n)
//! ```
//!
//! The second form keeps small losses and overflows nowhere. The same as `BCEWithLogitsLoss` of
//! PyTorch.
//!
//! Shapes: logits, targets and gradient `N x n`.

use super::pieces::Columns;
use super::{Loss, OutputMatrix, OutputMatrixMut, elementwise};
use crate::data::{Batch, Values};
use crate::kernel::{Real, math};
use nalgebra::Const;

/// Cross-entropy of the sigmoid of each output (logit) with a probability, 0 for no and 1 for
/// yes; the mean over samples and outputs. Where a yes is rare, see
/// [`positive_weights`](Self::positive_weights).
///
/// ```
/// use formwork::data::{Batch, Values};
/// use formwork::loss::{Loss, SigmoidCrossEntropy};
/// use nalgebra::Matrix1xX;
///
/// let targets = Batch::<Values<1>, f64>::from_rows([[1.0]])?;
/// // A logit of 0 is a probability of one half.
/// let (x, mut dx) = (Matrix1xX::zeros(1), Matrix1xX::zeros(1));
/// let loss = SigmoidCrossEntropy.evaluate(x.as_view(), &targets, Some(dx.as_view_mut()));
/// assert!((loss - 2.0_f64.ln()).abs() < 1e-12);
/// assert_eq!(dx[0], -0.5);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SigmoidCrossEntropy;

impl<const N: usize> Loss<Const<N>> for SigmoidCrossEntropy {
    type Target = Values<N>;

    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Const<N>>,
        targets: &Batch<Values<N>, T>,
        gradient: Option<OutputMatrixMut<'_, T, Const<N>>>,
    ) -> T {
        let columns = Columns::new::<N>(outputs, targets.data(), gradient, N);
        elementwise::mean(columns, loss, derivative)
    }
}

#[inline(always)]
fn loss<T: Real>(x: T, t: T) -> T {
    // max(x, 0) - x t is x by its weight; without weight it counts nothing, infinite or not.
    let weight = if x > T::ZERO { T::ONE - t } else { -t };
    let linear = if weight == T::ZERO { T::ZERO } else { weight * x };
    linear + math::softplus(if x > T::ZERO { -x } else { x })
}

#[inline(always)]
fn derivative<T: Real>(x: T, t: T) -> T {
    math::sigmoid(x) - t
}
