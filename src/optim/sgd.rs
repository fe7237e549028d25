use super::{Descent, Rule, Update};
use crate::kernel::Real;

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
pub type Sgd<T> = Descent<SgdRule, T, 0>;

/// The rule of [`Sgd`].
#[derive(Debug, Clone, Default)]
pub struct SgdRule;

impl Rule<0> for SgdRule {
    const REMEMBERED: &'static [&'static str; 0] = &[];
    const LEAVES_ROWS: bool = true;

    fn update<T: Real>(&self, lr: f64, _: u64) -> impl Update<T, 0> {
        let lr = T::of(lr);
        move |p, [], g| *p -= lr * g
    }
}
