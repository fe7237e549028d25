use alloc::{vec, vec::Vec};

use super::{Descent, Rule, Update, hyper};
use crate::kernel::Real;

/// Nesterov's accelerated gradient (1983), in the form of Sutskever et al. (2013, "On the
/// importance of initialization and momentum in deep learning") as PyTorch has it in
/// `SGD(momentum=mu, nesterov=True)`:
/// ```text
/// g += weight_decay p
/// v = mu v + g
/// p -= lr (g + mu v)
/// ```
/// with `v = 0` at first, and `mu = 0.9` unless set. The gradient is thus taken where the velocity is about to lead, and `p`
/// stands for that point.
///
/// The other form in use keeps the rate inside: `p += mu^2 u - (1 + mu) lr g`,
/// `u = mu u - lr g`. As long as the rate is constant the two are one rule, with `u = -lr v`:
/// `-lr (g + mu (mu v + g)) = mu^2 (-lr v) - (1 + mu) lr g`.
///
/// # Example
/// ```
/// use formwork::optim::{Nesterov, Optimizer};
///
/// let mut params = [1.0_f64];
/// let mut nesterov = Nesterov::new(0.1).momentum(0.5);
/// nesterov.step(&mut params, &[2.0]); // v = 2, p = 1 - 0.1 * (2 + 0.5 * 2)
/// assert!((params[0] - 0.7).abs() < 1e-12);
/// ```
pub type Nesterov<T> = Descent<NesterovRule, T, 1>;

/// The rule of [`Nesterov`].
#[derive(Debug, Clone)]
pub struct NesterovRule {
    momentum: f64,
}

impl Default for NesterovRule {
    fn default() -> Self {
        Self { momentum: 0.9 }
    }
}

impl<T: Real> Nesterov<T> {
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

impl Rule<1> for NesterovRule {
    const REMEMBERED: &'static [&'static str; 1] = &["velocity"];

    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![("momentum", self.momentum)]
    }

    fn update<T: Real>(&self, lr: f64, _: u64) -> impl Update<T, 1> {
        let [lr, mu] = [lr, self.momentum].map(T::of);
        move |p, [v], g| {
            *v = mu * *v + g;
            *p -= lr * (g + mu * *v);
        }
    }
}
