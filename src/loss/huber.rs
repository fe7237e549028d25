//! The loss of Huber.
//!
//! ```text
//! loss      = mean over samples and outputs of  e^2 / 2                where |e| <= delta
//!                                               delta (|e| - delta/2)  elsewhere
//! gradient  = clamp(e, -delta, delta) / (N n)                          e = x - t
//! ```
//!
//! Huber, "Robust estimation of a location parameter" (1964); the same as `HuberLoss` of PyTorch.
//!
//! Shapes: outputs, targets and gradient `N x n`.

use super::pieces::Columns;
use super::{Loss, OutputMatrix, OutputMatrixMut, elementwise};
use crate::data::{Batch, Values};
use crate::kernel::Real;
use alloc::format;
use alloc::string::String;
use nalgebra::Const;

/// The square of small errors and the size of large ones, the mean over samples and outputs: a
/// target that is far off does not pull harder than one `delta` away.
///
/// ```
/// use formwork::data::{Batch, Values};
/// use formwork::loss::{Huber, Loss};
/// use nalgebra::Matrix2xX;
///
/// let targets = Batch::<Values<2>>::from_rows([[1.0, 2.0]])?;
/// let outputs = Matrix2xX::from_column_slice(&[1.5, 0.0]);
/// let mut gradient = Matrix2xX::zeros(1);
/// let loss = Huber::new(1.0);
/// let value = loss.evaluate(outputs.as_view(), &targets, Some(gradient.as_view_mut()));
/// assert_eq!(value, (0.5 * 0.25 + 1.0 * (2.0 - 0.5)) / 2.0);
/// assert_eq!(gradient.as_slice(), [0.25, -0.5]);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Huber {
    delta: f64,
}

impl Huber {
    /// With the size of error from which it counts linearly.
    ///
    /// # Panics
    /// If `delta` is not positive and finite.
    pub const fn new(delta: f64) -> Self {
        assert!(delta > 0.0 && delta < f64::INFINITY, "delta must be positive and finite");
        Self { delta }
    }
}

/// With a `delta` of 1, as in PyTorch.
impl Default for Huber {
    fn default() -> Self {
        Self::new(1.0)
    }
}

impl<const N: usize> Loss<Const<N>> for Huber {
    type Target = Values<N>;

    fn settings(&self) -> String {
        format!("{self:?}")
    }

    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Const<N>>,
        targets: &Batch<Values<N>, T>,
        gradient: Option<OutputMatrixMut<'_, T, Const<N>>>,
    ) -> T {
        let columns = Columns::new::<N>(outputs, targets.data(), gradient, N);
        mean(columns, T::of(self.delta))
    }
}

/// The mean loss. Not generic in the number of outputs, so that it is compiled once and not for each.
fn mean<T: Real>(columns: Columns<'_, T, T>, delta: T) -> T {
    let half = T::of(0.5);
    let derivative = move |x: T, t: T| {
        let error = x - t;
        let error = if error > delta { delta } else { error };
        if error < -delta { -delta } else { error }
    };
    // Both cases at once, d being the derivative: e (e - e/2), and +-delta (e -+ delta/2).
    let loss = move |x, t| {
        let d = derivative(x, t);
        d * ((x - t) - half * d)
    };
    elementwise::mean(columns, loss, derivative)
}
