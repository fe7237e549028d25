use super::{Optimizer, State, hyper};
use crate::kernel::{Real, elementwise};

/// Stochastic gradient descent (Robbins and Monro, 1951):
/// ```text
/// g += weight_decay p
/// p -= lr g
/// ```
///
/// # Example
/// ```
/// use formwork::optim::{Optimizer, Sgd};
///
/// let mut params = [1.0_f32, 2.0];
/// let mut sgd = Sgd::new(0.1);
/// sgd.step(&mut params, &[10.0, -10.0]);
/// assert_eq!(params, [0.0, 3.0]);
/// ```
#[derive(Debug, Clone)]
pub struct Sgd<T> {
    weight_decay: f64,
    state: State<T>,
}

impl<T: Real> Sgd<T> {
    /// Gradient descent at this learning rate, without weight decay.
    ///
    /// # Panics
    /// If the rate is negative or not finite.
    #[track_caller]
    pub fn new(learning_rate: f64) -> Self {
        Self { weight_decay: 0.0, state: State::new(learning_rate, &[]) }
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

    /// Whether parameters shrink even where their gradient is zero.
    pub(super) fn decays(&self) -> bool {
        self.weight_decay != 0.0
    }
}

impl<T: Real> Optimizer<T> for Sgd<T> {
    fn state(&self) -> &State<T> {
        &self.state
    }

    fn state_mut(&mut self) -> &mut State<T> {
        &mut self.state
    }

    #[track_caller]
    fn step_scaled(&mut self, params: &mut [T], gradient: &[T], scale: f64) {
        let [] = self.state.begin(params, gradient);
        let [scale, decay, lr] = [scale, self.weight_decay, self.state.learning_rate()].map(T::of);
        elementwise::update(params, gradient, |p, g| *p -= lr * (scale * g + decay * *p));
    }
}
