use alloc::{vec, vec::Vec};

use super::{Descent, Rule, Update, hyper};
use crate::kernel::Real;

/// Gradient descent with momentum (Polyak, 1964), as PyTorch's `SGD(momentum=mu)`:
/// ```text
/// g += weight_decay p
/// v = mu v + g
/// p -= lr v
/// ```
/// with `v = 0` at first, and `mu = 0.9` unless set.
///
/// The other form in use, that of Polyak and of many a textbook, keeps the rate inside:
/// `u = mu u - lr g`, `p += u`. As long as the rate is constant the two are one rule, with
/// `u = -lr v`: from `v' = mu v + g` follows `-lr v' = mu (-lr v) - lr g`. When the rate changes,
/// ours acts on the whole velocity at once, the other one only on the gradients to come.
///
/// # Example
/// ```
/// use formwork::optim::{Momentum, Optimizer};
///
/// let mut params = [1.0_f64];
/// let mut momentum = Momentum::new(0.1).momentum(0.5);
/// momentum.step(&mut params, &[2.0]); // v = 2, p = 1 - 0.1 * 2
/// momentum.step(&mut params, &[2.0]); // v = 0.5 * 2 + 2 = 3, p = 0.8 - 0.1 * 3
/// assert!((params[0] - 0.5).abs() < 1e-12);
/// ```
pub type Momentum<T> = Descent<MomentumRule, T, 1>;

/// The rule of [`Momentum`].
#[derive(Debug, Clone)]
pub struct MomentumRule {
    momentum: f64,
}

impl Default for MomentumRule {
    fn default() -> Self {
        Self { momentum: 0.9 }
    }
}

impl<T: Real> Momentum<T> {
    /// Sets `mu`, the share of the velocity that is kept at each step. 0.9 unless set.
    ///
    /// # Panics
    /// If it is outside of `[0, 1)`.
    #[track_caller]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.rule.momentum = hyper::share(momentum, "the momentum");
        self
    }
}

impl Rule<1> for MomentumRule {
    const REMEMBERED: &'static [&'static str; 1] = &["velocity"];

    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![("momentum", self.momentum)]
    }

    fn update<T: Real>(&self, lr: f64, _: u64) -> impl Update<T, 1> {
        let [lr, mu] = [lr, self.momentum].map(T::of);
        move |p, [v], g| {
            *v = mu * *v + g;
            *p -= lr * *v;
        }
    }
}
