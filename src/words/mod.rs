//! Word vectors: counted, factorised, compared, and kept in files.
//!
//! - [`CoOccurrence`] counts which words stand near each other, and weighs the counts by what they
//!   tell ([`positive_pmi`](CoOccurrence::positive_pmi)).
//! - [`svd`] reduces such a matrix to a few dimensions.
//! - [`Contexts`] makes mini-batches for networks that learn vectors: continuous bag of words and
//!   skip-gram, with [`Embedding`](crate::layers::Embedding),
//!   [`Embedding`](crate::layers::Embedding) and [`NegativeSampling`](crate::loss::NegativeSampling).
//! - [`WordVectors`] finds similar words and analogies, and reads and writes files.
//!
//! ```
//! use formwork::data::text::Vocabulary;
//! use formwork::words::CoOccurrence;
//!
//! let mut vocabulary = Vocabulary::new();
//! let corpus = vocabulary.extend("you say goodbye and i say hello .".split(' '));
//! let counts = CoOccurrence::count(&corpus, vocabulary.len(), 1)?;
//! // The rows of "you" and "i" have one neighbour in common, of one and of two.
//! let [you, i] = ["you", "i"].map(|word| vocabulary.id(word).unwrap() as usize);
//! assert!((counts.matrix().cosine(you, i) - 0.70711).abs() < 1e-5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod contexts;
mod cooccurrence;
mod error;
mod files;
mod sparse;
pub mod svd;
mod vectors;

pub use crate::files::LONGEST_LINE;
pub use contexts::Contexts;
pub use cooccurrence::CoOccurrence;
pub use error::WordsError;
pub use sparse::SparseMatrix;
pub use vectors::{Neighbour, WordVectors};
