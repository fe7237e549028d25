use alloc::{vec, vec::Vec};

use nalgebra::ComplexField;

use super::{Descent, Rule, Update, descent::square, hyper};
use crate::kernel::{Real, math};

/// Adam (Kingma and Ba, 2015, "Adam: a method for stochastic optimization", algorithm 1), as
/// PyTorch's `Adam`:
/// ```text
/// g += weight_decay p
/// m = beta1 m + (1 - beta1) g
/// v = beta2 v + (1 - beta2) g^2
/// p -= lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
/// ```
/// with `m = v = 0` at first, and the paper's `beta1 = 0.9`, `beta2 = 0.999` and `epsilon = 1e-8`
/// unless set. The learning rate is often 0.001. For weight decay that the moments do not see, take
/// [`AdamW`](super::AdamW).
///
/// The other form in use, that of the end of section 2 of the paper, folds both corrections into
/// the rate: `p -= lr sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + epsilon)`. It is this rule
/// with `epsilon / sqrt(1 - beta2^t)` for `epsilon`: the same but for gradients so small that
/// `epsilon` is felt.
///
/// # Example
/// The first step has the length of the learning rate, whatever the size of the gradient:
/// ```
/// use formwork::optim::{Adam, Optimizer};
///
/// let mut params = [1.0_f64, 1.0];
/// let mut adam = Adam::new(1e-3).betas(0.9, 0.999).epsilon(1e-8).weight_decay(0.0);
/// adam.step(&mut params, &[100.0, -0.01]);
/// assert!((params[0] - 0.999).abs() < 1e-8 && (params[1] - 1.001).abs() < 1e-8);
/// ```
pub type Adam<T> = Descent<AdamRule, T, 2>;

/// The rule of [`Adam`].
#[derive(Debug, Clone)]
pub struct AdamRule {
    pub(super) betas: [f64; 2],
    pub(super) epsilon: f64,
}

impl Default for AdamRule {
    fn default() -> Self {
        Self { betas: [0.9, 0.999], epsilon: 1e-8 }
    }
}

impl AdamRule {
    /// What the two moments, which are 0 at first, lack in step `t`: `1 - beta^t`.
    pub(super) fn corrections(&self, t: u64) -> [f64; 2] {
        let t = i32::try_from(t).unwrap_or(i32::MAX);
        self.betas.map(|beta| 1.0 - ComplexField::powi(beta, t))
    }
}

/// Adam and its kin.
impl<R: Rule<2> + AsMut<AdamRule>, T: Real> Descent<R, T, 2> {
    /// Sets `beta1` and `beta2`, the shares of the two moments that are kept at each step. 0.9 and
    /// 0.999 unless set.
    ///
    /// # Panics
    /// If either is outside of `[0, 1)`.
    #[track_caller]
    pub fn betas(mut self, beta1: f64, beta2: f64) -> Self {
        self.rule.as_mut().betas = [hyper::share(beta1, "beta1"), hyper::share(beta2, "beta2")];
        self
    }

    /// Sets `epsilon`, which keeps the quotient finite where there was no gradient yet. 1e-8
    /// unless set.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.rule.as_mut().epsilon = hyper::not_negative(epsilon, "epsilon");
        self
    }
}

impl AsMut<Self> for AdamRule {
    fn as_mut(&mut self) -> &mut Self {
        self
    }
}

impl Rule<2> for AdamRule {
    const REMEMBERED: &'static [&'static str; 2] = &["first_moment", "second_moment"];

    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![("beta1", self.betas[0]), ("beta2", self.betas[1]), ("epsilon", self.epsilon)]
    }

    fn update<T: Real>(&self, lr: f64, t: u64) -> impl Update<T, 2> {
        let [correction1, correction2] = self.corrections(t);
        let root = 1.0 / ComplexField::sqrt(correction2);
        let [lr, root, epsilon] = [lr / correction1, root, self.epsilon].map(T::of);
        let [keep1, keep2] = self.betas.map(T::of);
        let [take1, take2] = self.betas.map(|beta| T::of(1.0 - beta));
        move |p, [m, v], g| {
            *m = keep1 * *m + take1 * g;
            *v = keep2 * *v + take2 * square(g);
            *p -= lr * *m / (math::sqrt(*v) * root + epsilon);
        }
    }
}
