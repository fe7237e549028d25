use nalgebra::ComplexField;

use super::rows::update_all;
use super::{Optimizer, RowOptimizer, Rows, State, hyper};
use crate::kernel::{Real, elementwise};

/// Adam (Kingma and Ba, 2015, "Adam: a method for stochastic optimization", algorithm 1), as
/// PyTorch's `Adam`:
/// ```text
/// g += weight_decay p
/// m = beta1 m + (1 - beta1) g
/// v = beta2 v + (1 - beta2) g^2
/// p -= lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
/// ```
/// with `m = v = 0` at first.
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
#[derive(Debug, Clone)]
pub struct Adam<T> {
    betas: [f64; 2],
    epsilon: f64,
    weight_decay: f64,
    state: State<T>,
}

impl<T: Real> Adam<T> {
    /// Adam at this learning rate (often 0.001), with the paper's `beta1 = 0.9`, `beta2 = 0.999`
    /// and `epsilon = 1e-8`, and without weight decay.
    ///
    /// # Panics
    /// If the rate is negative or not finite.
    #[track_caller]
    pub fn new(learning_rate: f64) -> Self {
        let state = State::new(learning_rate, &["first_moment", "second_moment"]);
        Self { betas: [0.9, 0.999], epsilon: 1e-8, weight_decay: 0.0, state }
    }

    /// Sets `beta1` and `beta2`, the shares of the two moments that are kept at each step. 0.9 and
    /// 0.999 unless set.
    ///
    /// # Panics
    /// If either is outside of `[0, 1)`.
    #[track_caller]
    pub fn betas(mut self, beta1: f64, beta2: f64) -> Self {
        self.betas = [hyper::share(beta1, "beta1"), hyper::share(beta2, "beta2")];
        self
    }

    /// Sets `epsilon`, which keeps the quotient finite where there was no gradient yet. 1e-8
    /// unless set.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = hyper::not_negative(epsilon, "epsilon");
        self
    }

    /// Sets the weight decay: the factor of `|p|^2 / 2` in the loss. 0 unless set; for decay that
    /// the moments do not see, take [`AdamW`](super::AdamW).
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    pub fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = hyper::not_negative(weight_decay, "the weight decay");
        self
    }

    /// The step of `Adam` and `AdamW`: the parameters are first multiplied by `keep`.
    #[track_caller]
    pub(super) fn step_keeping(&mut self, params: &mut [T], gradient: &[T], scale: f64, keep: f64) {
        let rule = self.rule(scale, keep);
        let [first, second] = self.state.begin(params, gradient);
        elementwise::update3(params, first, second, gradient, rule);
    }

    /// The update rule of the next step.
    fn rule(&self, scale: f64, keep: f64) -> impl Fn(&mut T, &mut T, &mut T, T) + Sync + use<T> {
        let t = i32::try_from(self.state.steps() + 1).unwrap_or(i32::MAX);
        let [correction1, correction2] = self.betas.map(|beta| 1.0 - ComplexField::powi(beta, t));
        let [lr, root] =
            [self.state.learning_rate() / correction1, 1.0 / ComplexField::sqrt(correction2)]
                .map(T::of);
        let [keep1, keep2] = self.betas.map(T::of);
        let [take1, take2] = self.betas.map(|beta| 1.0 - beta).map(T::of);
        let [scale, decay, keep, eps] = [scale, self.weight_decay, keep, self.epsilon].map(T::of);
        move |p, m, v, g| {
            let g = scale * g + decay * *p;
            *m = keep1 * *m + take1 * g;
            *v = keep2 * *v + take2 * (g * g);
            *p = keep * *p - lr * *m / (v.sqrt() * root + eps);
        }
    }

    /// The shares of the moments that are kept, and `epsilon`.
    pub(super) fn constants(&self) -> ([f64; 2], f64) {
        (self.betas, self.epsilon)
    }
}

impl<T: Real> Optimizer<T> for Adam<T> {
    fn state(&self) -> &State<T> {
        &self.state
    }

    fn state_mut(&mut self) -> &mut State<T> {
        &mut self.state
    }

    #[track_caller]
    fn step_scaled(&mut self, params: &mut [T], gradient: &[T], scale: f64) {
        self.step_keeping(params, gradient, scale, 1.0);
    }
}

impl<T: Real> RowOptimizer<T> for Adam<T> {
    #[track_caller]
    fn step_rows(&mut self, params: &mut [T], gradient: &[T], rows: &Rows) {
        let rule = self.rule(1.0, 1.0);
        let [first, second] = self.state.begin(params, gradient);
        update_all([params, first, second], gradient, rows, rule);
    }
}
