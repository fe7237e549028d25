//! Softmax with cross-entropy, for classes that do not count alike.
//!
//! ```text
//! p         = softmax(x)
//! q_k       = (1 - s) w_c [k = c] + s w_k / N                        s: label smoothing
//! loss      = sum over the samples of -sum_k q_k ln p_k, / W         W = sum of w_c
//! gradient  = (Q p - q) / W                                          Q = sum_k q_k
//! ```
//!
//! with `c` the class of a sample and `w` the weights of the classes. `W` is a sum over the samples
//! whose class is not [`IGNORED`]. The same as `CrossEntropyLoss(weight=..)` of PyTorch, which divides
//! by the weights of the samples' classes, also with label smoothing.
//!
//! Shapes: logits and gradient `N x n`, targets `1 x n`.

use super::pieces::Columns;
use super::softmax::{self, Column};
use super::{Loss, OutputMatrix, OutputMatrixMut, SoftmaxCrossEntropy};
use crate::data::{Batch, Classes, IGNORED};
use crate::kernel::Real;
use alloc::format;
use alloc::string::String;
use nalgebra::Const;

/// Cross-entropy of the softmax of a network's outputs (logits) with class ids, a weight for each
/// class: where some are rare, or matter more. See
/// [`class_weights`](SoftmaxCrossEntropy::class_weights).
///
/// The mean is one by weight: the sum over the samples divided by the weights of their classes.
/// Where these are all zero the loss is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedSoftmaxCrossEntropy<const N: usize> {
    smoothing: f64,
    weights: [f64; N],
}

impl SoftmaxCrossEntropy {
    /// Has each class count by a weight. Often these are one over how often a class occurs, of which
    /// [`class_counts`](crate::data::Dataset::class_counts) tells.
    ///
    /// ```
    /// use formwork::data::{Batch, Classes};
    /// use formwork::loss::{Loss, SoftmaxCrossEntropy};
    /// use nalgebra::Matrix2xX;
    ///
    /// let loss = SoftmaxCrossEntropy::new().class_weights([1.0, 3.0]);
    /// // Losses of ln(1 + e) and of ln(1 + 1/e), by weights of 1 and 3.
    /// let x = Matrix2xX::from_column_slice(&[0.0, 1.0, 0.0, 1.0]);
    /// let targets = Batch::<Classes<2>, f64>::from_vec(vec![0, 1])?;
    /// let [wrong, right] = [1.0_f64, -1.0].map(|x| x.exp().ln_1p());
    /// let value = loss.evaluate(x.as_view(), &targets, None);
    /// assert!((value - (wrong + 3.0 * right) / 4.0).abs() < 1e-12);
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    ///
    /// # Panics
    /// If a weight is negative or not finite.
    #[must_use]
    pub const fn class_weights<const N: usize>(
        self,
        weights: [f64; N],
    ) -> WeightedSoftmaxCrossEntropy<N> {
        super::assert_weights(&weights);
        WeightedSoftmaxCrossEntropy { smoothing: self.smoothing, weights }
    }
}

impl<const N: usize> Loss<Const<N>> for WeightedSoftmaxCrossEntropy<N> {
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
        let all = self.weight(targets);
        let scale = T::of(if all > 0.0 { 1.0 / all } else { 0.0 });
        let own = self.weights.map(|weight| T::of((1.0 - self.smoothing) * weight));
        let spread = self.weights.map(|weight| T::of(self.smoothing / N as f64 * weight));
        let sum = T::of(self.weights.iter().sum::<f64>() * self.smoothing / N as f64);
        let cost = outputs.len();
        let columns = Columns::new::<N>(outputs, targets.data(), gradient, 1);
        let total = columns.sum(N, cost, &|piece: Columns<'_, T, u32>| {
            let Columns { outputs, targets, gradient } = piece;
            let counts = |index: usize| targets[index] != IGNORED;
            softmax::sum(N, outputs, gradient, counts, |column: Column<'_, T>| {
                let Column { x, largest, .. } = column;
                let class = targets[column.index] as usize;
                let own = own[class];
                let all = own + sum;
                if let Some(g) = column.terms {
                    let factor = scale * all / column.sum;
                    g.iter_mut().zip(&spread).for_each(|(g, &q)| *g = *g * factor - scale * q);
                    g[class] -= scale * own;
                }
                // What has no weight counts nothing, however unlikely it is; what is not a number does.
                let part = |q: T, x: T| if q == T::ZERO { T::ZERO } else { q * (x - largest) };
                let loss = all * column.log_sum - part(own, x[class]);
                if sum == T::ZERO {
                    return loss;
                }
                loss - softmax::sum_of(x, &spread, |x, q| part(q, x))
            })
        });
        total * scale
    }

    fn weight<T: Real>(&self, targets: &Batch<Classes<N>, T>) -> f64 {
        let answered = targets.data().iter().filter(|&&id| id != IGNORED);
        answered.map(|&id| self.weights[id as usize]).sum()
    }
}
