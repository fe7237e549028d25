use alloc::vec::Vec;

use nalgebra::ComplexField;

use super::{AdamRule, Descent, Rule, Update, descent::square};
use crate::kernel::{Real, math};

/// Adam for gradients that are zero in most rows of a matrix, as PyTorch's `SparseAdam`: a row that
/// is not named keeps its value and its moments. In the other rows
/// ```text
/// m = beta1 m + (1 - beta1) g
/// v = beta2 v + (1 - beta2) g^2
/// p -= lr sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + epsilon)
/// ```
/// where `t` counts all steps; `beta1 = 0.9`, `beta2 = 0.999` and `epsilon = 1e-8` unless set, and the
/// learning rate is often 0.001. This is not [`Adam`](super::Adam): there the moments of all rows fade with every
/// step, and rows go on moving by them. A step takes time for the named rows only.
///
/// [`step`](super::Optimizer::step), which names no rows, updates all of them; so does weight decay.
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
pub type SparseAdam<T> = Descent<SparseAdamRule, T, 2>;

/// The rule of [`SparseAdam`].
#[derive(Debug, Clone, Default)]
pub struct SparseAdamRule(AdamRule);

impl AsMut<AdamRule> for SparseAdamRule {
    fn as_mut(&mut self) -> &mut AdamRule {
        &mut self.0
    }
}

impl Rule<2> for SparseAdamRule {
    const REMEMBERED: &'static [&'static str; 2] = AdamRule::REMEMBERED;
    const LEAVES_ROWS: bool = true;

    fn settings(&self) -> Vec<(&'static str, f64)> {
        self.0.settings()
    }

    fn update<T: Real>(&self, lr: f64, t: u64) -> impl Update<T, 2> {
        let AdamRule { betas, epsilon } = &self.0;
        let [correction1, correction2] = self.0.corrections(t);
        let lr = T::of(lr * ComplexField::sqrt(correction2) / correction1);
        let [keep1, keep2] = betas.map(T::of);
        let [take1, take2] = betas.map(|beta| T::of(1.0 - beta));
        let epsilon = T::of(*epsilon);
        move |p, [m, v], g| {
            *m = keep1 * *m + take1 * g;
            *v = keep2 * *v + take2 * square(g);
            *p -= lr * *m / (math::sqrt(*v) + epsilon);
        }
    }
}
