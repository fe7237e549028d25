use super::{Optimizer, State, hyper};
use crate::kernel::{Real, elementwise};

/// Nesterov's accelerated gradient (1983), in the form of Sutskever et al. (2013, "On the
/// importance of initialization and momentum in deep learning") as PyTorch has it in
/// `SGD(momentum=mu, nesterov=True)`:
/// ```text
/// g += weight_decay p
/// v = mu v + g
/// p -= lr (g + mu v)
/// ```
/// with `v = 0` at first. The gradient is thus taken where the velocity is about to lead, and `p`
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
#[derive(Debug, Clone)]
pub struct Nesterov<T> {
    momentum: f64,
    weight_decay: f64,
    state: State<T>,
}

impl<T: Real> Nesterov<T> {
    /// Nesterov's rule at this learning rate, with `mu = 0.9` and without weight decay.
    ///
    /// # Panics
    /// If the rate is negative or not finite.
    #[track_caller]
    pub fn new(learning_rate: f64) -> Self {
        Self { momentum: 0.9, weight_decay: 0.0, state: State::new(learning_rate, &["velocity"]) }
    }

    /// Sets `mu`, the share of the velocity that is kept at each step. 0.9 unless set.
    ///
    /// # Panics
    /// If it is outside of `[0, 1)`.
    #[track_caller]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = hyper::share(momentum, "the momentum");
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

impl<T: Real> Optimizer<T> for Nesterov<T> {
    fn state(&self) -> &State<T> {
        &self.state
    }

    fn state_mut(&mut self) -> &mut State<T> {
        &mut self.state
    }

    #[track_caller]
    fn step_scaled(&mut self, params: &mut [T], gradient: &[T], scale: f64) {
        let lr = self.state.learning_rate();
        let [scale, decay, mu, lr] = [scale, self.weight_decay, self.momentum, lr].map(T::of);
        let [velocity] = self.state.begin(params, gradient);
        elementwise::update2(params, velocity, gradient, |p, v, g| {
            let g = scale * g + decay * *p;
            *v = mu * *v + g;
            *p -= lr * (g + mu * *v);
        });
    }
}
