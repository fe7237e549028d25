//! Word vectors in the safetensors format.

use std::format;
use std::path::Path;
use std::string::ToString;
use std::vec;
use std::vec::Vec;

use super::{file, write};
use crate::data::text::Vocabulary;
use crate::files::excerpt;
use crate::io::{self, Entries, Tensors, WeightsError};
use crate::words::{WordVectors, WordsError};

/// The name of the matrix.
const VECTORS: &str = "vectors";
/// What the words stand under, a line each.
const WORDS: &str = "words";

impl WordVectors {
    /// The vectors in the safetensors format: a matrix `vectors` with a row for each word, and
    /// the words as metadata, a line each.
    ///
    /// # Errors
    /// [`WordsError::Format`] for a word with a line break, or words of more than 100 MB, for
    /// which the format has no room.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WordsError> {
        let words: Vec<&str> = (0..self.vocabulary().len() as u32)
            .filter_map(|id| self.vocabulary().text(id))
            .collect();
        if let Some(word) = words.iter().find(|word| word.contains('\n')) {
            let word = excerpt(word);
            return Err(WordsError::Format(format!("the word \"{word}\" has a line break")));
        }
        let mut file = Entries::default();
        file.text(WORDS, words.join("\n"));
        file.reals(VECTORS, &[words.len(), self.dimensions()], self.as_slice());
        file.into_bytes().map_err(format)
    }

    /// Vectors from the safetensors format.
    ///
    /// # Errors
    /// [`WordsError::Format`] for other bytes, [`WordsError::Vectors`] where there is not one
    /// vector for each word.
    ///
    /// ```
    /// use formwork::words::WordVectors;
    ///
    /// let vectors = WordVectors::from_text("1 2\nhello 0.1 0.2\n")?;
    /// assert_eq!(WordVectors::from_bytes(&vectors.to_bytes()?)?, vectors);
    /// # Ok::<(), formwork::words::WordsError>(())
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WordsError> {
        let missing = |kind, name| WordsError::Format(format!("found no {kind} `{name}`"));
        let mut file = Tensors::parse(bytes).map_err(format)?;
        let words = file.text(WORDS).ok_or_else(|| missing("metadata", WORDS))?;
        let mut vocabulary = Vocabulary::new();
        vocabulary.extend(words.split('\n'));
        let dims = file.dims(VECTORS).ok_or_else(|| missing("tensor", VECTORS))?;
        let &[rows, dimensions] = dims else {
            let found = match dims.len() {
                0..=8 => format!("of shape {dims:?}"),
                many => format!("of {many} dimensions"),
            };
            return Err(WordsError::Format(format!(
                "found `{VECTORS}` {found}, expected a matrix"
            )));
        };
        let mut vectors = vec![0.0; rows * dimensions];
        file.reals(VECTORS, &[rows, dimensions], &mut vectors).map_err(format)?;
        Self::new(vocabulary, vectors, dimensions)
    }

    /// Writes a file in the safetensors format, which is replaced once all is written.
    ///
    /// # Errors
    /// [`WordsError::File`] with the cause.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), WordsError> {
        write(path.as_ref(), &self.to_bytes()?)
    }

    /// Reads a file in the safetensors format.
    ///
    /// # Errors
    /// [`WordsError::File`] with the cause.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, WordsError> {
        let path = path.as_ref();
        let bytes = io::content(path, u64::MAX).map_err(|error| file(path, error))?;
        Self::from_bytes(&bytes).map_err(|error| file(path, error))
    }
}

fn format(error: WeightsError) -> WordsError {
    WordsError::Format(error.to_string())
}
