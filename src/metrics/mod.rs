//! Metrics: how good a network is, in terms people read.
//!
//! [`accuracy`] and [`top_k_accuracy`] are of one batch; [`Mean`] takes the mean of such numbers
//! over several, and [`ConfusionMatrix`] counts over several what was taken for what. Targets that
//! are [`IGNORED`] count nowhere.
//!
//! Of equal outputs the first is taken to be larger, and what is not a number to be larger than
//! any number.

mod confusion;
mod mean;

pub use confusion::ConfusionMatrix;
pub use mean::Mean;

use crate::data::{Batch, Classes, IGNORED};
use crate::kernel::Real;
use nalgebra::{Const, Dyn, MatrixView};

/// The share of columns, from 0 to 1, whose largest output is that of the target class; 0 of no
/// targets. `outputs` is `N x n`, a column for each target.
///
/// ```
/// use formwork::data::{Batch, Classes};
/// use nalgebra::Matrix3xX;
///
/// let targets = Batch::<Classes<3>>::from_vec(vec![2, 0])?;
/// let outputs = Matrix3xX::from_column_slice(&[0.1, 0.2, 0.7, 0.3, 0.4, 0.3]);
/// assert_eq!(formwork::metrics::accuracy(outputs.as_view(), &targets), 0.5);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
///
/// # Panics
/// When outputs and targets are not of the same number of columns.
#[must_use]
pub fn accuracy<const N: usize, T: Real>(
    outputs: MatrixView<'_, T, Const<N>, Dyn>,
    targets: &Batch<Classes<N>, T>,
) -> f64 {
    top_k_accuracy(1, outputs, targets)
}

/// The share of columns, from 0 to 1, where the output of the target class is among the `k`
/// largest; 0 of no targets. `outputs` is `N x n`, a column for each target.
///
/// ```
/// use formwork::data::{Batch, Classes};
/// use nalgebra::Matrix3xX;
///
/// let targets = Batch::<Classes<3>>::from_vec(vec![2, 0])?;
/// let outputs = Matrix3xX::from_column_slice(&[0.1, 0.2, 0.7, 0.35, 0.4, 0.25]);
/// assert_eq!(formwork::metrics::top_k_accuracy(2, outputs.as_view(), &targets), 1.0);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
///
/// # Panics
/// When outputs and targets are not of the same number of columns.
#[must_use]
pub fn top_k_accuracy<const N: usize, T: Real>(
    k: usize,
    outputs: MatrixView<'_, T, Const<N>, Dyn>,
    targets: &Batch<Classes<N>, T>,
) -> f64 {
    let right = answered(outputs, targets).filter(|&(x, class)| rank(x, class) < k).count();
    right as f64 / targets.answered().max(1) as f64
}

/// Each column of outputs whose target is not ignored, and its target.
fn answered<'a, const N: usize, T: Real>(
    outputs: MatrixView<'a, T, Const<N>, Dyn>,
    targets: &'a Batch<Classes<N>, T>,
) -> impl Iterator<Item = (&'a [T; N], usize)> {
    let columns = targets.columns();
    assert_eq!(outputs.ncols(), columns, "outputs for {columns} targets of {N} classes");
    let pairs = outputs.data.into_slice().as_chunks::<N>().0.iter().zip(targets.data());
    pairs.filter(|&(_, &id)| id != IGNORED).map(|(x, &id)| (x, id as usize))
}

/// How many outputs come before that of the class.
fn rank<T: Real>(x: &[T], class: usize) -> usize {
    let own = x[class];
    let before = x[..class].iter().filter(|&&other| !is_larger(own, other)).count();
    before + x[class + 1..].iter().filter(|&&other| is_larger(other, own)).count()
}

/// The place of the largest output.
fn argmax<T: Real>(x: &[T]) -> usize {
    (1..x.len()).fold(0, |largest, i| if is_larger(x[i], x[largest]) { i } else { largest })
}

#[expect(clippy::eq_op, reason = "only what is not a number differs from itself")]
fn is_larger<T: Real>(a: T, b: T) -> bool {
    a > b || (a != a && b == b)
}
