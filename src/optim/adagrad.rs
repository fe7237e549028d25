use alloc::{vec, vec::Vec};

use super::{Descent, Rule, Update, hyper};
use crate::kernel::{Real, math};

/// AdaGrad (Duchi, Hazan and Singer, 2011), as PyTorch's `Adagrad`: the more a parameter has been
/// moved, the smaller its steps become.
/// ```text
/// g += weight_decay p
/// h += g^2
/// p -= lr g / (sqrt(h) + epsilon)
/// ```
/// with `h = 0` at first, and `epsilon = 1e-10` unless set. The learning rate is often 0.01.
///
/// # Example
/// ```
/// use formwork::optim::{AdaGrad, Optimizer};
///
/// let mut params = [1.0_f64];
/// let mut adagrad = AdaGrad::new(0.5);
/// adagrad.step(&mut params, &[3.0]); // h = 9, p = 1 - 0.5 * 3 / 3
/// adagrad.step(&mut params, &[4.0]); // h = 25, p = 0.5 - 0.5 * 4 / 5
/// assert!((params[0] - 0.1).abs() < 1e-9);
/// ```
pub type AdaGrad<T> = Descent<AdaGradRule, T, 1>;

/// The rule of [`AdaGrad`].
#[derive(Debug, Clone)]
pub struct AdaGradRule {
    epsilon: f64,
}

impl Default for AdaGradRule {
    fn default() -> Self {
        Self { epsilon: 1e-10 }
    }
}

impl<T: Real> AdaGrad<T> {
    /// Sets `epsilon`, which keeps the quotient finite where there was no gradient yet. 1e-10
    /// unless set.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.rule.epsilon = hyper::not_negative(epsilon, "epsilon");
        self
    }
}

impl Rule<1> for AdaGradRule {
    const REMEMBERED: &'static [&'static str; 1] = &["sum_of_squares"];

    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![("epsilon", self.epsilon)]
    }

    fn update<T: Real>(&self, lr: f64, _: u64) -> impl Update<T, 1> {
        let [lr, epsilon] = [lr, self.epsilon].map(T::of);
        move |p, [h], g| {
            *h += g * g;
            *p -= lr * g / (math::sqrt(*h) + epsilon);
        }
    }
}
