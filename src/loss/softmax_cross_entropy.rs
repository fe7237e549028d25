//! Softmax with cross-entropy, for one class of several.
//!
//! ```text
//! loss      mean over the samples of -ln p_t, with p = softmax(x)
//! gradient  (p - [t]) / n, with [t] the indicator of the target
//! ```

use super::Loss;
use crate::data::{Batch, Classes};
use crate::kernel::{Real, math};
use crate::network::Outputs;

/// Cross-entropy of the softmax of a network's outputs (logits) with class ids.
#[derive(Clone, Copy, Debug, Default)]
pub struct SoftmaxCrossEntropy;

impl<const N: usize> Loss<Outputs<N>> for SoftmaxCrossEntropy {
    type Target = Classes<N>;

    fn evaluate<T: Real>(
        &self,
        outputs: &[T],
        targets: &Batch<Classes<N>, T>,
        gradient: Option<&mut [T]>,
    ) -> T {
        assert_eq!(outputs.len(), N * targets.columns(), "a target for each column");
        let scale = T::ONE / T::of(targets.columns() as f64);
        let mut total = T::ZERO;
        let mut gradient = gradient.map(|gradient| gradient.chunks_exact_mut(N));
        for (logits, &target) in outputs.chunks_exact(N).zip(targets.data()) {
            let largest = logits.iter().copied().fold(logits[0], |a, b| if b > a { b } else { a });
            let sum = logits.iter().fold(T::ZERO, |sum, &x| sum + math::exp(x - largest));
            let log_sum = math::ln(sum) + largest;
            total += log_sum - logits[target as usize];
            if let Some(gradient) = gradient.as_mut().and_then(Iterator::next) {
                for (g, &x) in gradient.iter_mut().zip(logits) {
                    *g = math::exp(x - log_sum) * scale;
                }
                gradient[target as usize] -= scale;
            }
        }
        total * scale
    }
}
