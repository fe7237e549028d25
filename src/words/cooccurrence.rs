//! Which words stand near each other.

use std::vec;
use std::vec::Vec;

use super::error::check_ids;
use super::{SparseMatrix, WordsError};

/// How often each word stands near each other word.
///
/// ```
/// use formwork::words::CoOccurrence;
///
/// let counts = CoOccurrence::count(&[0, 1, 2, 1, 3], 4, 1)?;
/// assert_eq!((counts.matrix().get(1, 2), counts.matrix().get(0, 2)), (2.0, 0.0));
/// # Ok::<(), formwork::words::WordsError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CoOccurrence {
    matrix: SparseMatrix,
}

impl CoOccurrence {
    /// Counts, for each word of a `vocabulary` of so many, the words up to `window` places before
    /// and after it in `corpus`.
    ///
    /// # Errors
    /// [`WordsError::Short`] where there are no two words, [`WordsError::Window`] for a window of
    /// zero, [`WordsError::Id`] for an id that does not exist.
    pub fn count(corpus: &[u32], vocabulary: usize, window: usize) -> Result<Self, WordsError> {
        if corpus.len() < 2 {
            return Err(WordsError::Short { found: corpus.len(), needed: 2 });
        }
        if window == 0 {
            return Err(WordsError::Window);
        }
        check_ids(corpus, vocabulary)?;
        // Each pair as a number that sorts by row, then by column; both of its orders count.
        let mut pairs = Vec::with_capacity(2 * window * corpus.len());
        for (position, &word) in corpus.iter().enumerate() {
            for &other in corpus[position + 1..].iter().take(window) {
                pairs.push(u64::from(word) << 32 | u64::from(other));
                pairs.push(u64::from(other) << 32 | u64::from(word));
            }
        }
        pairs.sort_unstable();
        let runs = pairs.chunk_by(|a, b| a == b);
        let entries = runs.map(|run| ((run[0] >> 32) as u32, run[0] as u32, run.len() as f32));
        Ok(Self { matrix: SparseMatrix::new(vocabulary, vocabulary, entries) })
    }

    /// The counts: a row and a column for each word, symmetric.
    pub fn matrix(&self) -> &SparseMatrix {
        &self.matrix
    }

    /// How much more often two words stand near each other than if it were by chance, in bits, and
    /// zero where it is less often: the positive pointwise mutual information (Church and Hanks,
    /// 1990).
    ///
    /// ```text
    /// max(0, log2(C[i, j] N / (S[i] S[j])))     S: the sums of the rows of C, N: their sum
    /// ```
    pub fn positive_pmi(&self) -> SparseMatrix {
        let counts = &self.matrix;
        let mut sums = vec![0.0; counts.rows()];
        for (row, sum) in sums.iter_mut().enumerate() {
            *sum = counts.row(row).iter().map(|&(_, count)| f64::from(count)).sum::<f64>();
        }
        let total: f64 = sums.iter().sum();
        let entries = (0..counts.rows()).flat_map(|row| {
            let sums = &sums;
            counts.row(row).iter().filter_map(move |&(column, count)| {
                let expected = sums[row] * sums[column as usize] / total;
                let bits = (f64::from(count) / expected).log2() as f32;
                (bits > 0.0).then_some((row as u32, column, bits))
            })
        });
        SparseMatrix::new(counts.rows(), counts.columns(), entries)
    }
}
