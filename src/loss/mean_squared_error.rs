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

use super::pieces::Columns;
use super::{Loss, OutputMatrix, OutputMatrixMut, elementwise};
use crate::data::{Batch, Values};
use crate::kernel::Real;
use nalgebra::Const;

/// The square of the error, the mean over samples and outputs.
///
/// ```
/// use formwork::data::{Batch, Values};
/// use formwork::loss::{Loss, MeanSquaredError};
/// use nalgebra::Matrix2xX;
///
/// let targets = Batch::<Values<2>>::from_rows([[1.0, 2.0]])?;
/// let outputs = Matrix2xX::from_column_slice(&[1.5, 0.0]);
/// let mut gradient = Matrix2xX::zeros(1);
/// let loss = MeanSquaredError;
/// let value = loss.evaluate(outputs.as_view(), &targets, Some(gradient.as_view_mut()));
/// assert_eq!(value, (0.25 + 4.0) / 2.0);
/// assert_eq!(gradient.as_slice(), [0.5, -2.0]);
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
        let columns = Columns::new::<N>(outputs, targets.data(), gradient, N);
        elementwise::mean(columns, loss, derivative)
    }
}

#[inline(always)]
fn loss<T: Real>(x: T, t: T) -> T {
    (x - t) * (x - t)
}

#[inline(always)]
fn derivative<T: Real>(x: T, t: T) -> T {
    (x - t) + (x - t)
}
