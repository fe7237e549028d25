use super::{Optimizer, State, hyper};
use crate::kernel::{Real, elementwise};

/// RMSProp (Tieleman and Hinton, 2012, lecture 6.5 of "Neural networks for machine learning"), as
/// PyTorch's `RMSprop`: AdaGrad that forgets.
/// ```text
/// g += weight_decay p
/// v = alpha v + (1 - alpha) g^2
/// p -= lr g / (sqrt(v) + epsilon)
/// ```
/// with `v = 0` at first.
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
#[derive(Debug, Clone)]
pub struct RmsProp<T> {
    alpha: f64,
    epsilon: f64,
    weight_decay: f64,
    state: State<T>,
}

impl<T: Real> RmsProp<T> {
    /// RMSProp at this learning rate (often 0.01), with `alpha = 0.99`, `epsilon = 1e-8` and
    /// without weight decay.
    ///
    /// # Panics
    /// If the rate is negative or not finite.
    #[track_caller]
    pub fn new(learning_rate: f64) -> Self {
        let state = State::new(learning_rate, &["second_moment"]);
        Self { alpha: 0.99, epsilon: 1e-8, weight_decay: 0.0, state }
    }

    /// Sets `alpha`, the share of the second moment that is kept at each step. 0.99 unless set.
    ///
    /// # Panics
    /// If it is outside of `[0, 1)`.
    #[track_caller]
    pub fn alpha(mut self, alpha: f64) -> Self {
        self.alpha = hyper::share(alpha, "alpha");
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

    /// Sets the weight decay: the factor of `|p|^2 / 2` in the loss. 0 unless set.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    pub fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = hyper::not_negative(weight_decay, "the weight decay");
        self
    }
}

impl<T: Real> Optimizer<T> for RmsProp<T> {
    fn state(&self) -> &State<T> {
        &self.state
    }

    fn state_mut(&mut self) -> &mut State<T> {
        &mut self.state
    }

    #[track_caller]
    fn step_scaled(&mut self, params: &mut [T], gradient: &[T], scale: f64) {
        let lr = self.state.learning_rate();
        let [scale, decay, eps, lr] = [scale, self.weight_decay, self.epsilon, lr].map(T::of);
        let [keep, take] = [self.alpha, 1.0 - self.alpha].map(T::of);
        let [moment] = self.state.begin(params, gradient);
        elementwise::update2(params, moment, gradient, |p, v, g| {
            let g = scale * g + decay * *p;
            *v = keep * *v + take * (g * g);
            *p -= lr * g / (v.sqrt() + eps);
        });
    }
}
