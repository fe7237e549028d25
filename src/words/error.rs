//! What can be wrong with words.

use std::string::String;
use std::vec::Vec;

/// Words, texts and vectors that do not fit what is asked of them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WordsError {
    /// A text is too short.
    #[error("found {found} words, expected at least {needed}")]
    Short {
        /// How many words it has.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// No neighbours are to be looked at.
    #[error("a window of 0 words, expected at least 1 on each side")]
    Window,
    /// A word's id is not below the size of the vocabulary.
    #[error("word {position} has the id {id}, expected an id below {limit}")]
    Id {
        /// Where it stands in the text.
        position: usize,
        /// The id.
        id: u32,
        /// The size of the vocabulary.
        limit: usize,
    },
    /// A word is not in the vocabulary.
    #[error("{word:?} is not in the vocabulary{}", suggestions(.nearest))]
    Unknown {
        /// The word.
        word: String,
        /// Words of the vocabulary that are spelt nearly so.
        nearest: Vec<String>,
    },
    /// There is not one vector for each word.
    #[error("found {found} numbers, expected {words} vectors of {dimensions}")]
    Vectors {
        /// How many words there are.
        words: usize,
        /// How many numbers a vector has.
        dimensions: usize,
        /// How many numbers there are.
        found: usize,
    },
    /// A vector has a number that is infinite or not a number.
    #[error("the vector of \"{word}\" holds {value} at position {index}, expected finite numbers")]
    NotFinite {
        /// The word, shortened where it is long.
        word: String,
        /// The position in the vector.
        index: usize,
        /// The number.
        value: f32,
    },
    /// More dimensions are asked for than there are.
    #[error("{rank} dimensions of a matrix of {rows}x{columns}, expected 1 to {}", rows.min(columns))]
    Rank {
        /// How many are asked for.
        rank: usize,
        /// The rows of the matrix.
        rows: usize,
        /// Its columns.
        columns: usize,
    },
    /// A line of a file is not as expected.
    #[error("line {line}: found \"{found}\", expected {expected}")]
    Line {
        /// The line, from one.
        line: usize,
        /// What it should be.
        expected: String,
        /// How it begins.
        found: String,
    },
    /// Reading failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A file cannot be read or written, or holds no vectors.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// The cause.
        source: std::boxed::Box<dyn std::error::Error + Send + Sync>,
    },
    /// Bytes are no vectors in the safetensors format or in that of word2vec.
    #[error("{0}")]
    Format(String),
}

/// Refuses ids that a vocabulary of `limit` words does not have.
pub(super) fn check_ids(corpus: &[u32], limit: usize) -> Result<(), WordsError> {
    match corpus.iter().position(|&id| id as usize >= limit) {
        None => Ok(()),
        Some(position) => Err(WordsError::Id { position, id: corpus[position], limit }),
    }
}

fn suggestions(nearest: &[String]) -> String {
    match nearest {
        [] => String::new(),
        words => std::format!(": did you mean {}?", words.join(", ")),
    }
}
