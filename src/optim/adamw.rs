use alloc::vec::Vec;

use super::{AdamRule, Descent, Rule, Update};
use crate::kernel::Real;

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019, "Decoupled weight decay
/// regularization", algorithm 2), as PyTorch's `AdamW`: the decay acts on the parameters, not on
/// the moments.
/// ```text
/// p *= 1 - lr weight_decay
/// m = beta1 m + (1 - beta1) g
/// v = beta2 v + (1 - beta2) g^2
/// p -= lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
/// ```
/// with `m = v = 0` at first, `beta1 = 0.9`, `beta2 = 0.999`, `epsilon = 1e-8` and PyTorch's weight
/// decay of 0.01 unless set. The learning rate is often 0.001.
///
/// # Example
/// ```
/// use formwork::optim::{AdamW, Optimizer};
///
/// let mut params = [10.0_f64];
/// let mut adamw = AdamW::new(0.1).weight_decay(0.5);
/// adamw.step(&mut params, &[0.0]); // p = 10 * (1 - 0.1 * 0.5)
/// assert!((params[0] - 9.5).abs() < 1e-12);
/// ```
pub type AdamW<T> = Descent<AdamWRule, T, 2>;

/// The rule of [`AdamW`].
#[derive(Debug, Clone, Default)]
pub struct AdamWRule(AdamRule);

impl AsMut<AdamRule> for AdamWRule {
    fn as_mut(&mut self) -> &mut AdamRule {
        &mut self.0
    }
}

impl Rule<2> for AdamWRule {
    const REMEMBERED: &'static [&'static str; 2] = AdamRule::REMEMBERED;
    const WEIGHT_DECAY: f64 = 0.01;
    const DECOUPLED: bool = true;

    fn settings(&self) -> Vec<(&'static str, f64)> {
        self.0.settings()
    }

    fn update<T: Real>(&self, lr: f64, t: u64) -> impl Update<T, 2> {
        self.0.update(lr, t)
    }
}
