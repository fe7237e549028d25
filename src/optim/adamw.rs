use super::{Adam, Optimizer, State, hyper};
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
/// with `m = v = 0` at first.
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
#[derive(Debug, Clone)]
pub struct AdamW<T> {
    /// Its own weight decay stays 0.
    adam: Adam<T>,
    weight_decay: f64,
}

impl<T: Real> AdamW<T> {
    /// AdamW at this learning rate (often 0.001), with `beta1 = 0.9`, `beta2 = 0.999`,
    /// `epsilon = 1e-8` and PyTorch's weight decay of 0.01.
    ///
    /// # Panics
    /// If the rate is negative or not finite.
    #[track_caller]
    pub fn new(learning_rate: f64) -> Self {
        Self { adam: Adam::new(learning_rate), weight_decay: 0.01 }
    }

    /// Sets `beta1` and `beta2`, the shares of the two moments that are kept at each step. 0.9 and
    /// 0.999 unless set.
    ///
    /// # Panics
    /// If either is outside of `[0, 1)`.
    #[track_caller]
    pub fn betas(mut self, beta1: f64, beta2: f64) -> Self {
        self.adam = self.adam.betas(beta1, beta2);
        self
    }

    /// Sets `epsilon`, which keeps the quotient finite where there was no gradient yet. 1e-8
    /// unless set.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.adam = self.adam.epsilon(epsilon);
        self
    }

    /// Sets the weight decay: the share of a parameter, times the learning rate, that a step takes
    /// away. 0.01 unless set.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    pub fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = hyper::not_negative(weight_decay, "the weight decay");
        self
    }
}

impl<T: Real> Optimizer<T> for AdamW<T> {
    fn state(&self) -> &State<T> {
        self.adam.state()
    }

    fn state_mut(&mut self) -> &mut State<T> {
        self.adam.state_mut()
    }

    #[track_caller]
    fn step_scaled(&mut self, params: &mut [T], gradient: &[T], scale: f64) {
        let keep = 1.0 - self.learning_rate() * self.weight_decay;
        self.adam.step_keeping(params, gradient, scale, keep);
    }
}
