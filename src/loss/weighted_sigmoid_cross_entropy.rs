//! Sigmoid with cross-entropy, in which a yes does not count as a no does.
//!
//! ```text
//! p         = sigmoid(x) = 1 / (1 + e^-x)
//! loss      = mean over samples and outputs of -(w t ln p + (1 - t) ln(1 - p))
//!           = mean of (1 - t) x + (1 + (w - 1) t) ln(1 + e^-x)
//! gradient  = ((1 + (w - 1) t) p - w t) / (N n)
//! ```
//!
//! with `w` the weight of a yes, for each output. The same as `BCEWithLogitsLoss(pos_weight=..)` of
//! PyTorch, whose mean divides by the number of outputs, not by their weights.
//!
//! Shapes: logits, targets and gradient `N x n`.

use super::pieces::Columns;
use super::{Loss, OutputMatrix, OutputMatrixMut, SigmoidCrossEntropy};
use crate::data::{Batch, Values};
use crate::kernel::{Real, math};
use alloc::format;
use alloc::string::String;
use nalgebra::Const;

/// Cross-entropy of the sigmoid of each output (logit) with a probability, where a yes counts by a
/// weight; the mean over samples and outputs. See
/// [`positive_weights`](SigmoidCrossEntropy::positive_weights).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedSigmoidCrossEntropy<const N: usize> {
    weights: [f64; N],
}

impl SigmoidCrossEntropy {
    /// Has a yes of each output count by a weight, and a no by 1: above 1 where a yes is rare. Often
    /// it is the number of its noes over that of its yeses.
    ///
    /// ```
    /// use formwork::data::{Batch, Values};
    /// use formwork::loss::{Loss, SigmoidCrossEntropy};
    /// use nalgebra::Matrix2xX;
    ///
    /// let loss = SigmoidCrossEntropy.positive_weights([3.0, 3.0]);
    /// let targets = Batch::<Values<2>, f64>::from_rows([[1.0, 0.0]])?;
    /// let value = loss.evaluate(Matrix2xX::zeros(1).as_view(), &targets, None);
    /// assert!((value - (3.0 + 1.0) * 2.0_f64.ln() / 2.0).abs() < 1e-12);
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    ///
    /// # Panics
    /// If a weight is negative or not finite.
    #[must_use]
    pub const fn positive_weights<const N: usize>(
        self,
        weights: [f64; N],
    ) -> WeightedSigmoidCrossEntropy<N> {
        super::assert_weights(&weights);
        WeightedSigmoidCrossEntropy { weights }
    }
}

impl<const N: usize> Loss<Const<N>> for WeightedSigmoidCrossEntropy<N> {
    type Target = Values<N>;

    fn settings(&self) -> String {
        format!("{self:?}")
    }

    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Const<N>>,
        targets: &Batch<Values<N>, T>,
        gradient: Option<OutputMatrixMut<'_, T, Const<N>>>,
    ) -> T {
        let scale = T::ONE / T::of(targets.data().len().max(1) as f64);
        let weights = self.weights.map(T::of);
        let cost = outputs.len();
        let columns = Columns::new::<N>(outputs, targets.data(), gradient, N);
        let total = columns.sum(N, cost, &|piece: Columns<'_, T, T>| {
            let Columns { outputs, targets, gradient } = piece;
            let each = || outputs.iter().zip(targets).zip(weights.iter().cycle());
            if let Some(gradient) = gradient {
                for (g, ((&x, &t), &w)) in gradient.iter_mut().zip(each()) {
                    *g = scale * ((T::ONE + (w - T::ONE) * t) * math::sigmoid(x) - w * t);
                }
            }
            each().fold(T::ZERO, |total, ((&x, &t), &w)| total + loss(x, t, w))
        });
        total * scale
    }
}

/// The loss of an output `x` with a target `t`, where a yes has the weight `w`.
#[inline]
fn loss<T: Real>(x: T, t: T, w: T) -> T {
    // ln(1 + e^-x) is -x and a small rest where x is below 0. Without weight x counts nothing,
    // infinite or not.
    let weight = if x > T::ZERO { T::ONE - t } else { -(w * t) };
    let linear = if weight == T::ZERO { T::ZERO } else { weight * x };
    let both = T::ONE + (w - T::ONE) * t;
    linear + both * math::softplus(if x > T::ZERO { -x } else { x })
}
