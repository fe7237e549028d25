//! What was taken for what.
//!
//! ```text
//! precision = right / predicted        of the samples said to be of a class, the share that is
//! recall    = right / actual           of the samples of a class, the share that was found
//! F1        = 2 right / (predicted + actual)      the harmonic mean of the two
//! ```

use super::{answered, argmax};
use crate::data::{Batch, Classes};
use crate::kernel::Real;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::{self, Display, Formatter};
use nalgebra::{Const, Dyn, MatrixView};

/// How often samples of each of `N` classes were taken for each class.
///
/// A share of nothing, such as the precision for a class that was never predicted, is 0.
///
/// ```
/// use formwork::data::{Batch, Classes};
/// use formwork::metrics::ConfusionMatrix;
/// use nalgebra::Matrix2xX;
///
/// let mut confusion = ConfusionMatrix::<2>::new();
/// let targets = Batch::from_vec(vec![0, 1, 1])?;
/// let outputs = Matrix2xX::from_column_slice(&[0.9, 0.1, 0.8, 0.2, 0.3, 0.7]);
/// confusion.update(outputs.as_view(), &targets);
/// assert_eq!(confusion.count(1, 0), 1); // a 1 that was taken for a 0
/// # Ok::<(), formwork::data::DataError>(())
/// ```
///
/// It is shown as a table:
/// ```text
/// actual \ predicted  0  1  precision  recall     F1
///                  0  1  0      0.500   1.000  0.667
///                  1  1  1      1.000   0.500  0.667
/// accuracy 0.667 of 3 samples
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix<const N: usize> {
    /// A row for each actual class, with a column for each predicted one.
    counts: Vec<[u64; N]>,
}

impl<const N: usize> ConfusionMatrix<N> {
    /// Without samples.
    #[must_use]
    pub fn new() -> Self {
        Self { counts: vec![[0; N]; N] }
    }

    /// Adds a batch. `outputs` is `N x n`, a column for each target.
    ///
    /// # Panics
    /// When outputs and targets are not of the same number of columns.
    pub fn update<T: Real>(
        &mut self,
        outputs: MatrixView<'_, T, Const<N>, Dyn>,
        targets: &Batch<Classes<N>, T>,
    ) {
        for (x, class) in answered(outputs, targets) {
            self.counts[class][argmax(x)] += 1;
        }
    }

    /// How many samples of the class `actual` were taken for the class `predicted`.
    ///
    /// # Panics
    /// When there is no such class.
    #[must_use]
    pub fn count(&self, actual: usize, predicted: usize) -> u64 {
        self.counts[actual][predicted]
    }

    /// How many samples there were.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.as_flattened().iter().sum()
    }

    /// The share of all samples that were taken for what they are.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        share((0..N).map(|class| self.counts[class][class]).sum(), self.total())
    }

    /// Of the samples taken for the class, the share that is of it.
    ///
    /// # Panics
    /// When there is no such class.
    #[must_use]
    pub fn precision(&self, class: usize) -> f64 {
        share(self.counts[class][class], self.predicted(class))
    }

    /// Of the samples of the class, the share that was taken for it.
    ///
    /// # Panics
    /// When there is no such class.
    #[must_use]
    pub fn recall(&self, class: usize) -> f64 {
        share(self.counts[class][class], self.actual(class))
    }

    /// The harmonic mean of precision and recall.
    ///
    /// # Panics
    /// When there is no such class.
    #[must_use]
    pub fn f1(&self, class: usize) -> f64 {
        share(2 * self.counts[class][class], self.predicted(class) + self.actual(class))
    }

    fn actual(&self, class: usize) -> u64 {
        self.counts[class].iter().sum()
    }

    fn predicted(&self, class: usize) -> u64 {
        self.counts.iter().map(|row| row[class]).sum()
    }
}

impl<const N: usize> Default for ConfusionMatrix<N> {
    fn default() -> Self {
        Self::new()
    }
}

/// A table with a row for each actual class and a column for each predicted one, and beside them
/// precision, recall and F1 of the class.
impl<const N: usize> Display for ConfusionMatrix<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        const CORNER: &str = "actual \\ predicted";
        let largest = self.counts.as_flattened().iter().copied().max().unwrap_or(0);
        let width = digits(largest).max(digits(N.saturating_sub(1) as u64));
        write!(f, "{CORNER}")?;
        for class in 0..N {
            write!(f, "  {class:>width$}")?;
        }
        writeln!(f, "  precision  recall     F1")?;
        for (class, row) in self.counts.iter().enumerate() {
            write!(f, "{class:>corner$}", corner = CORNER.len())?;
            for count in row {
                write!(f, "  {count:>width$}")?;
            }
            let (precision, recall) = (self.precision(class), self.recall(class));
            writeln!(f, "  {precision:>9.3}  {recall:>6.3}  {:.3}", self.f1(class))?;
        }
        write!(f, "accuracy {:.3} of {} samples", self.accuracy(), self.total())
    }
}

/// How many digits a number has.
fn digits(n: u64) -> usize {
    n.checked_ilog10().unwrap_or(0) as usize + 1
}

/// A part of a whole; 0 of nothing.
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}
