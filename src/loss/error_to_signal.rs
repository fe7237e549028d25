//! The error-to-signal ratio, of signals that are heard (Wright et al., 2019).
//!
//! ```text
//! loss      = sum of e^2 / sum of s^2    with    e(t) = p(x - t)    s(t) = p(t)    p(v)(t) = v(t) - c v(t - 1)
//! gradient  = 2 (e(t) - c e(t + 1)) / sum of s^2
//! ```
//!
//! over all outputs, and all steps but those in which a network warms up; `c` is the pre-emphasis,
//! which has high frequencies count for more.
//!
//! Shapes: outputs, targets and gradient `N x n`, time-major.

use super::{Loss, OutputMatrix, OutputMatrixMut};
use crate::data::{Batch, Values};
use crate::kernel::Real;
use nalgebra::Const;

/// The energy of the error over that of the signal: 0 for what sounds the same, 1 for silence.
///
/// ```
/// use formwork::data::{Batch, Values};
/// use formwork::loss::{ErrorToSignal, Loss};
/// use nalgebra::Matrix1xX;
///
/// let targets = Batch::<Values<1>>::from_rows([[9.0], [1.0], [2.0]])?;
/// let outputs = Matrix1xX::from_column_slice(&[0.0, 0.5, 2.0]);
/// // The first step is left out: (0.5 - 1)^2 over 1 + 4.
/// let loss = ErrorToSignal::new(1).after(1);
/// assert_eq!(loss.evaluate(outputs.as_view(), &targets, None), 0.25 / 5.0);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErrorToSignal {
    lanes: usize,
    warm_up: usize,
    pre_emphasis: f64,
}

impl ErrorToSignal {
    /// For batches of so many sequences side by side.
    ///
    /// # Panics
    /// If there are none.
    pub fn new(lanes: usize) -> Self {
        assert!(lanes > 0, "an error-to-signal ratio of no lanes");
        Self { lanes, warm_up: 0, pre_emphasis: 0.0 }
    }

    /// Leaves the first steps of a batch out: so many as the network looks back,
    /// `Net::RECEPTIVE_FIELD - 1`, where each batch begins anew.
    pub fn after(self, steps: usize) -> Self {
        Self { warm_up: steps, ..self }
    }

    /// Has high frequencies count for more: of each step, `factor` of the step before is taken away.
    /// 0.95 is common.
    pub fn pre_emphasis(self, factor: f64) -> Self {
        Self { pre_emphasis: factor, ..self }
    }
}

impl<const N: usize> Loss<Const<N>> for ErrorToSignal {
    type Target = Values<N>;

    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Const<N>>,
        targets: &Batch<Values<N>, T>,
        gradient: Option<OutputMatrixMut<'_, T, Const<N>>>,
    ) -> T {
        let (x, t) = (outputs.as_slice(), targets.data());
        assert_eq!(x.len(), t.len(), "numbers of outputs and of targets");
        let (step, c) = (N * self.lanes, T::of(self.pre_emphasis));
        let first = self.warm_up.saturating_mul(step).min(x.len());
        let emphasised = |of: &dyn Fn(usize) -> T, i: usize| match i.checked_sub(step) {
            Some(before) => of(i) - c * of(before),
            None => of(i),
        };
        let error = |i: usize| emphasised(&|i| x[i] - t[i], i);
        let energy =
            |of: &dyn Fn(usize) -> T| (first..x.len()).fold(T::ZERO, |sum, i| sum + of(i) * of(i));
        let (errors, signal) = (energy(&error), energy(&|i| emphasised(&|i| t[i], i)));
        // Silence has no ratio: the error alone counts.
        let scale = if signal > T::ZERO { T::ONE / signal } else { T::ONE };
        if let Some(mut gradient) = gradient {
            for (i, gradient) in gradient.as_mut_slice().iter_mut().enumerate() {
                let counted = |i: usize| if i >= first && i < x.len() { error(i) } else { T::ZERO };
                *gradient = T::of(2.0) * scale * (counted(i) - c * counted(i + step));
            }
        }
        errors * scale
    }
}
