use nalgebra::ComplexField;

use super::rows::update_named;
use super::{Adam, Optimizer, RowOptimizer, Rows, State};
use crate::kernel::Real;

/// Adam for gradients that are zero in most rows of a matrix, as PyTorch's `SparseAdam`: a row that
/// is not named keeps its value and its moments. In the other rows
/// ```text
/// m = beta1 m + (1 - beta1) g
/// v = beta2 v + (1 - beta2) g^2
/// p -= lr sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + epsilon)
/// ```
/// where `t` counts all steps. This is not [`Adam`]: there the moments of all rows fade with every
/// step, and rows go on moving by them. A step takes time for the named rows only.
///
/// [`step`](Optimizer::step), which names no rows, updates all of them.
///
/// ```
/// use formwork::optim::{RowOptimizer, Rows, SparseAdam};
///
/// let mut weights = [1.0_f64, 1.0];
/// let mut rows = Rows::new(2);
/// rows.set(&[1]);
/// SparseAdam::new(0.1).step_rows(&mut weights, &[0.0, 3.0], &rows);
/// assert!(weights[0] == 1.0 && (weights[1] - 0.9).abs() < 1e-6);
/// ```
#[derive(Debug, Clone)]
pub struct SparseAdam<T> {
    adam: Adam<T>,
}

impl<T: Real> SparseAdam<T> {
    /// At this learning rate (often 0.001), with `beta1 = 0.9`, `beta2 = 0.999` and
    /// `epsilon = 1e-8`.
    ///
    /// # Panics
    /// If the rate is negative or not finite.
    #[track_caller]
    pub fn new(learning_rate: f64) -> Self {
        Self { adam: Adam::new(learning_rate) }
    }

    /// Sets `beta1` and `beta2`, the shares of the two moments that are kept at each step.
    ///
    /// # Panics
    /// If either is outside of `[0, 1)`.
    #[track_caller]
    pub fn betas(self, beta1: f64, beta2: f64) -> Self {
        Self { adam: self.adam.betas(beta1, beta2) }
    }

    /// Sets `epsilon`.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self { adam: self.adam.epsilon(epsilon) }
    }

    /// The update rule of the next step.
    fn rule(&self, scale: f64) -> impl Fn(&mut T, &mut T, &mut T, T) + Sync + use<T> {
        let ([beta1, beta2], epsilon) = self.adam.constants();
        let t = i32::try_from(self.state().steps() + 1).unwrap_or(i32::MAX);
        let [correction1, correction2] = [beta1, beta2].map(|b| 1.0 - ComplexField::powi(b, t));
        let lr = T::of(self.learning_rate() * ComplexField::sqrt(correction2) / correction1);
        let [scale, keep1, keep2, take1, take2, epsilon] =
            [scale, beta1, beta2, 1.0 - beta1, 1.0 - beta2, epsilon].map(T::of);
        move |p, m, v, g| {
            let g = scale * g;
            *m = keep1 * *m + take1 * g;
            *v = keep2 * *v + take2 * (g * g);
            *p -= lr * *m / (v.sqrt() + epsilon);
        }
    }
}

impl<T: Real> Optimizer<T> for SparseAdam<T> {
    fn state(&self) -> &State<T> {
        self.adam.state()
    }

    fn state_mut(&mut self) -> &mut State<T> {
        self.adam.state_mut()
    }

    #[track_caller]
    fn step_scaled(&mut self, params: &mut [T], gradient: &[T], scale: f64) {
        let rule = self.rule(scale);
        let [first, second] = self.state_mut().begin(params, gradient);
        crate::kernel::elementwise::update3(params, first, second, gradient, rule);
    }
}

impl<T: Real> RowOptimizer<T> for SparseAdam<T> {
    #[track_caller]
    fn step_rows(&mut self, params: &mut [T], gradient: &[T], rows: &Rows) {
        let rule = self.rule(1.0);
        let [first, second] = self.state_mut().begin(params, gradient);
        update_named([params, first, second], gradient, rows, rule);
    }
}
