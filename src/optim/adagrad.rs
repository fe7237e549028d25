use super::{Optimizer, State, hyper};
use crate::kernel::{Real, elementwise};

/// AdaGrad (Duchi, Hazan and Singer, 2011), as PyTorch's `Adagrad`: the more a parameter has been
/// moved, the smaller its steps become.
/// ```text
/// g += weight_decay p
/// h += g^2
/// p -= lr g / (sqrt(h) + epsilon)
/// ```
/// with `h = 0` at first.
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
#[derive(Debug, Clone)]
pub struct AdaGrad<T> {
    epsilon: f64,
    weight_decay: f64,
    state: State<T>,
}

impl<T: Real> AdaGrad<T> {
    /// AdaGrad at this learning rate (often 0.01), with `epsilon = 1e-10` and without weight decay.
    ///
    /// # Panics
    /// If the rate is negative or not finite.
    #[track_caller]
    pub fn new(learning_rate: f64) -> Self {
        let state = State::new(learning_rate, &["sum_of_squares"]);
        Self { epsilon: 1e-10, weight_decay: 0.0, state }
    }

    /// Sets `epsilon`, which keeps the quotient finite where there was no gradient yet. 1e-10
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

impl<T: Real> Optimizer<T> for AdaGrad<T> {
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
        let [sum] = self.state.begin(params, gradient);
        elementwise::update2(params, sum, gradient, |p, h, g| {
            let g = scale * g + decay * *p;
            *h += g * g;
            *p -= lr * g / (h.sqrt() + eps);
        });
    }
}
