//! Softmax with cross-entropy, for a distribution over several classes.
//!
//! ```text
//! p         = softmax(x) = e^(x - m) / sum_k e^(x_k - m)             m = max_k x_k
//! loss      = mean over the samples of -sum_k t_k ln p_k
//!           = mean of sum_k t_k (ln(sum_j e^(x_j - m)) - (x_k - m))
//! gradient  = (p sum_k t_k - t) / n
//! ```
//!
//! The same as `CrossEntropyLoss` of PyTorch with class probabilities.
//!
//! Shapes: logits, targets and gradient `N x n`.

use super::pieces::Columns;
use super::softmax::{self, Column};
use super::{Loss, OutputMatrix, OutputMatrixMut};
use crate::data::{Batch, Values};
use crate::kernel::Real;
use nalgebra::Const;

/// Cross-entropy of the softmax of a network's outputs (logits) with distributions: labels that
/// are mixed, or the answers of a larger network.
///
/// Targets should sum to 1 for each sample; they are used as they are.
///
/// ```
/// use formwork::data::{Batch, Values};
/// use formwork::loss::{Loss, SoftTargetCrossEntropy};
/// use nalgebra::Matrix2xX;
///
/// let targets = Batch::<Values<2>, f64>::from_rows([[0.25, 0.75]])?;
/// // Logits whose softmax is the target: the loss is its entropy, and nothing is to be learnt.
/// let x = Matrix2xX::from_column_slice(&[0.0, 3.0_f64.ln()]);
/// let mut dx = Matrix2xX::zeros(1);
/// let loss = SoftTargetCrossEntropy.evaluate(x.as_view(), &targets, Some(dx.as_view_mut()));
/// assert!((loss + 0.25 * 0.25_f64.ln() + 0.75 * 0.75_f64.ln()).abs() < 1e-12);
/// assert!(dx.amax() < 1e-12);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SoftTargetCrossEntropy;

impl<const N: usize> Loss<Const<N>> for SoftTargetCrossEntropy {
    type Target = Values<N>;

    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Const<N>>,
        targets: &Batch<Values<N>, T>,
        gradient: Option<OutputMatrixMut<'_, T, Const<N>>>,
    ) -> T {
        mean(Columns::new::<N>(outputs, targets.data(), gradient, N), N)
    }
}

/// The mean loss of the columns. Not generic in the number of classes, so that it is compiled once and
/// not for each.
fn mean<T: Real>(columns: Columns<'_, T, T>, classes: usize) -> T {
    let cost = columns.outputs.len();
    let scale = T::ONE / T::of((cost / classes).max(1) as f64);
    let total = columns.sum(classes, cost, &|piece: Columns<'_, T, T>| {
        let Columns { outputs, targets, gradient } = piece;
        let counts = |_: usize| true;
        softmax::sum(classes, outputs, gradient, counts, |column: Column<'_, T>| {
            let t = &targets[column.index * classes..][..classes];
            let weight = softmax::sum_of(t, t, |t, _| t);
            if let Some(g) = column.terms {
                let factor = scale * weight / column.sum;
                g.iter_mut().zip(t).for_each(|(g, &t)| *g = *g * factor - t * scale);
            }
            let Column { x, largest, log_sum, .. } = column;
            // What is not to be is no loss where it is not, also at an infinite logit.
            softmax::sum_of(x, t, |x, t| {
                if t == T::ZERO { T::ZERO } else { t * (log_sum - (x - largest)) }
            })
        })
    });
    total * scale
}
