//! Mean absolute error.
//!
//! ```text
//! loss      = mean over samples and outputs of |x - t|
//! gradient  = sign(x - t) / (N n)                                    sign(0) = 0
//! ```
//!
//! The same as `L1Loss` of PyTorch.
//!
//! Shapes: outputs, targets and gradient `N x n`.

use super::pieces::Columns;
use super::{Loss, OutputMatrix, OutputMatrixMut, elementwise};
use crate::data::{Batch, Values};
use crate::kernel::Real;
use nalgebra::Const;

/// The size of the error, the mean over samples and outputs.
///
/// ```
/// use formwork::data::{Batch, Values};
/// use formwork::loss::{Loss, MeanAbsoluteError};
/// use nalgebra::Matrix2xX;
///
/// let targets = Batch::<Values<2>>::from_rows([[1.0, 2.0]])?;
/// let outputs = Matrix2xX::from_column_slice(&[1.5, 0.0]);
/// let mut gradient = Matrix2xX::zeros(1);
/// let loss = MeanAbsoluteError;
/// let value = loss.evaluate(outputs.as_view(), &targets, Some(gradient.as_view_mut()));
/// assert_eq!(value, (0.5 + 2.0) / 2.0);
/// assert_eq!(gradient.as_slice(), [0.5, -0.5]);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MeanAbsoluteError;

impl<const N: usize> Loss<Const<N>> for MeanAbsoluteError {
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
    if x < t { t - x } else { x - t }
}

#[inline(always)]
fn derivative<T: Real>(x: T, t: T) -> T {
    let error = x - t;
    let negative_or_zero = if error < T::ZERO { -T::ONE } else { error };
    if error > T::ZERO { T::ONE } else { negative_or_zero }
}
