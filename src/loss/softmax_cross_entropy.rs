//! Softmax with cross-entropy, for one class of several.
//!
//! ```text
//! p         = softmax(x) = e^(x - m) / sum_k e^(x_k - m)             m = max_k x_k
//! q         = (1 - s) [c] + s / N                                    s: label smoothing
//! loss      = mean over the samples of -sum_k q_k ln p_k
//!           = mean of ln(sum_k e^(x_k - m)) - (1 - s) (x_c - m) - s/N sum_k (x_k - m)
//! gradient  = (p - q) / n
//! ```
//!
//! with `[c]` 1 for the class `c` of the sample and 0 for the others. `n` counts the samples whose
//! class is not [`IGNORED`]. Since `m` is taken off first, no logit is too large.
//!
//! Label smoothing: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision"
//! (2016), section 7; the same as `CrossEntropyLoss` of PyTorch, which also counts `1/N` of `s`
//! for the class itself.
//!
//! Shapes: logits and gradient `N x n`, targets `1 x n`.

use super::pieces::Columns;
use super::softmax::{self, Column};
use super::{Loss, OutputMatrix, OutputMatrixMut};
use crate::data::{Batch, Classes, IGNORED};
use crate::kernel::Real;
use alloc::format;
use alloc::string::String;
use nalgebra::Const;

/// Cross-entropy of the softmax of a network's outputs (logits) with class ids.
///
/// Samples whose target is [`IGNORED`] give neither loss nor gradient, and do not count in the
/// mean. For classes that do not count alike, see [`class_weights`](Self::class_weights). Logits that are not numbers, or infinitely large, make the loss not a number.
///
/// ```
/// use formwork::data::{Batch, Classes};
/// use formwork::loss::{Loss, SoftmaxCrossEntropy};
/// use nalgebra::Matrix2xX;
///
/// let targets = Batch::<Classes<2>, f64>::from_vec(vec![0])?;
/// let plain = SoftmaxCrossEntropy::new();
/// // Two equal logits: the network knows nothing, and the loss is ln 2.
/// let equal = Matrix2xX::from_element(1, 3.0);
/// assert!((plain.evaluate(equal.as_view(), &targets, None) - 2.0_f64.ln()).abs() < 1e-12);
/// // With smoothing, being too sure costs.
/// let sure = Matrix2xX::from_column_slice(&[30.0, 0.0]);
/// let [loss, smooth] = [plain, plain.label_smoothing(0.1)]
///     .map(|loss| loss.evaluate(sure.as_view(), &targets, None));
/// assert!(loss < smooth);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SoftmaxCrossEntropy {
    pub(super) smoothing: f64,
}

impl SoftmaxCrossEntropy {
    /// Without label smoothing.
    pub const fn new() -> Self {
        Self { smoothing: 0.0 }
    }

    /// Takes the share `smoothing` of the target's probability and spreads it evenly over all
    /// classes, its own included: 0 for none, often 0.1.
    ///
    /// # Panics
    /// If `smoothing` is not in `[0, 1)`.
    #[must_use]
    pub const fn label_smoothing(self, smoothing: f64) -> Self {
        assert!(0.0 <= smoothing && smoothing < 1.0, "label smoothing must lie in [0, 1)");
        Self { smoothing }
    }
}

impl<const N: usize> Loss<Const<N>> for SoftmaxCrossEntropy {
    type Target = Classes<N>;

    fn settings(&self) -> String {
        format!("{self:?}")
    }

    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Const<N>>,
        targets: &Batch<Classes<N>, T>,
        gradient: Option<OutputMatrixMut<'_, T, Const<N>>>,
    ) -> T {
        let answered = targets.answered();
        let columns = Columns::new::<N>(outputs, targets.data(), gradient, 1);
        mean(columns, N, answered, T::of(self.smoothing))
    }
}

/// The mean loss of the columns, of which so many are answered. Not generic in the number of classes,
/// so that it is compiled once and not for each.
fn mean<T: Real>(columns: Columns<'_, T, u32>, classes: usize, answered: usize, smoothing: T) -> T {
    let scale = T::ONE / T::of(answered.max(1) as f64);
    let (own, each) = (T::ONE - smoothing, smoothing / T::of(classes as f64));
    let cost = columns.outputs.len();
    let total = columns.sum(classes, cost, &|piece: Columns<'_, T, u32>| {
        let Columns { outputs, targets, gradient } = piece;
        let counts = |index: usize| targets[index] != IGNORED;
        softmax::sum(classes, outputs, gradient, counts, |column: Column<'_, T>| {
            let Column { x, largest, .. } = column;
            let class = targets[column.index] as usize;
            if let Some(g) = column.terms {
                let (factor, each) = (scale / column.sum, scale * each);
                g.iter_mut().for_each(|g| *g = *g * factor - each);
                g[class] -= scale * own;
            }
            let loss = column.log_sum - own * (x[class] - largest);
            if each == T::ZERO {
                return loss;
            }
            loss - each * softmax::sum_of(x, x, |x, _| x - largest)
        })
    });
    total * scale
}
