use alloc::{vec, vec::Vec};

use super::{Descent, Rule, Update, descent::square, hyper};
use crate::kernel::{Real, math};

/// RMSProp (Tieleman and Hinton, 2012, lecture 6.5 of "Neural networks for machine learning"), as
/// PyTorch's `RMSprop`: AdaGrad that forgets.
/// ```text
/// g += weight_decay p
/// v = alpha v + (1 - alpha) g^2
/// p -= lr g / (sqrt(v) + epsilon)
/// ```
/// with `v = 0` at first, and `alpha = 0.99` and `epsilon = 1e-8` unless set. The learning rate is
/// often 0.01.
///
/// # Example
/// ```
/// use formwork::optim::{Optimizer, RmsProp};
///
/// let mut params = [1.0_f64];
/// let mut rmsprop = RmsProp::new(0.1).alpha(0.75);
/// rmsprop.step(&mut params, &[4.0]); // v = 0.25 * 16 = 4, p = 1 - 0.1 * 4 / 2
/// assert!((params[0] - 0.8).abs() < 1e-8);
/// ```
pub type RmsProp<T> = Descent<RmsPropRule, T, 1>;

/// The rule of [`RmsProp`].
#[derive(Debug, Clone)]
pub struct RmsPropRule {
    alpha: f64,
    epsilon: f64,
}

impl Default for RmsPropRule {
    fn default() -> Self {
        Self { alpha: 0.99, epsilon: 1e-8 }
    }
}

impl<T: Real> RmsProp<T> {
    /// Sets `alpha`, the share of the second moment that is kept at each step. 0.99 unless set.
    ///
    /// # Panics
    /// If it is outside of `[0, 1)`.
    #[track_caller]
    pub fn alpha(mut self, alpha: f64) -> Self {
        self.rule.alpha = hyper::share(alpha, "alpha");
        self
    }

    /// Sets `epsilon`, which keeps the quotient finite where there was no gradient yet. 1e-8
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

impl Rule<1> for RmsPropRule {
    const REMEMBERED: &'static [&'static str; 1] = &["second_moment"];

    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![("alpha", self.alpha), ("epsilon", self.epsilon)]
    }

    fn update<T: Real>(&self, lr: f64, _: u64) -> impl Update<T, 1> {
        let [keep, take] = [self.alpha, 1.0 - self.alpha].map(T::of);
        let [lr, epsilon] = [lr, self.epsilon].map(T::of);
        move |p, [v], g| {
            *v = keep * *v + take * square(g);
            *p -= lr * g / (math::sqrt(*v) + epsilon);
        }
    }
}
