//! The mean over batches.

use nalgebra::ComplexField;

/// The mean of a number, such as a loss, over batches of different sizes.
///
/// ```
/// use formwork::metrics::Mean;
///
/// let mut loss = Mean::new();
/// loss.add(0.5, 100);
/// loss.add(2.0, 50); // the last batch is smaller
/// assert_eq!(loss.get(), 1.0); // (0.5 * 100 + 2 * 50) / 150
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mean {
    sum: f64,
    count: usize,
}

impl Mean {
    /// Of nothing yet.
    pub const fn new() -> Self {
        Self { sum: 0.0, count: 0 }
    }

    /// Adds a batch: the mean over it, and how many samples it counts. Where targets may be
    /// ignored these are [`answered`](crate::data::Batch::answered).
    pub fn add(&mut self, mean: impl Into<f64>, count: usize) {
        // A mean of nothing, whatever it is, weighs nothing.
        if count > 0 {
            self.sum += mean.into() * count as f64;
            self.count += count;
        }
    }

    /// The mean over all samples; 0 of none.
    #[must_use]
    pub fn get(&self) -> f64 {
        self.sum / self.count.max(1) as f64
    }

    /// How many samples there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// `e` to the mean: of a cross-entropy, the perplexity. It is the number of equally likely
    /// classes among which a guess would be as uncertain.
    ///
    /// ```
    /// use formwork::metrics::Mean;
    ///
    /// let mut loss = Mean::new();
    /// loss.add(8.0_f64.ln(), 20);
    /// assert!((loss.perplexity() - 8.0).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn perplexity(&self) -> f64 {
        ComplexField::exp(self.get())
    }
}
