//! Mean squared error.
//!
//! ```text
//! loss      = mean over samples and outputs of (x - t)^2
//! gradient  = 2 (x - t) / (N n)
//! ```
//!
//! The same as `MSELoss` of PyTorch.
//!
//! Shapes: outputs, targets and gradient `N x n`.

use super::{Loss, OutputMatrix, OutputMatrixMut, elementwise};
use crate::data::{Batch, Values};
use crate::kernel::Real;
use nalgebra::Const;

/// The square of the error, the mean over samples and outputs.
///
/// ```
/// use formwork::data::{Batch, Values};
/// use formwork::loss::{Loss, MeanSquaredError};
///
/// let targets = Batch::<Values<2>>::from_rows([[1.0, 2.0]])?;
/// let mut gradient = [0.0; 2];
/// let loss = MeanSquaredError.evaluate(&[1.5, 0.0], &targets, Some(&mut gradient));
/// assert_eq!(loss, (0.25 + 4.0) / 2.0);
/// assert_eq!(gradient, [0.5, -2.0]);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MeanSquaredError;

impl<const N: usize> Loss<Const<N>> for MeanSquaredError {
    type Target = Values<N>;

    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Const<N>>,
        targets: &Batch<Values<N>, T>,
        gradient: Option<OutputMatrixMut<'_, T, Const<N>>>,
    ) -> T {
        let loss = |x, t| (x - t) * (x - t);
        let derivative = |x, t| (x - t) + (x - t);
        elementwise::mean::<T, N>(outputs, targets.data(), gradient, loss, derivative)
    }
}
