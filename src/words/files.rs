//! Word vectors in files.
//!
//! The text format is that of the program word2vec, which other tools read: a line with the number
//! of words and of dimensions, then a line for each word with its numbers.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, fs};

use super::{WordVectors, WordsError};
use crate::data::text::Vocabulary;
use crate::files::replace;

impl WordVectors {
    /// The vectors in word2vec's text format.
    ///
    /// # Errors
    /// [`WordsError::Line`] for a word with white space, which the format has no place for.
    ///
    /// ```
    /// use formwork::words::WordVectors;
    ///
    /// let vectors = WordVectors::from_text("2 3\nhello 1 0 0.5\nworld 0 -1 2\n")?;
    /// assert_eq!(vectors.vector("world")?, [0.0, -1.0, 2.0]);
    /// assert_eq!(vectors.to_text()?, "2 3\nhello 1 0 0.5\nworld 0 -1 2\n");
    /// # Ok::<(), formwork::words::WordsError>(())
    /// ```
    pub fn to_text(&self) -> Result<String, WordsError> {
        let (words, dimensions) = (self.vocabulary().len(), self.dimensions());
        let mut text = format!("{words} {dimensions}\n");
        for (id, vector) in self.as_slice().chunks_exact(dimensions).enumerate() {
            let word = self.vocabulary().text(id as u32).unwrap_or_default();
            if word.is_empty() || word.contains(char::is_whitespace) {
                return Err(WordsError::Line {
                    line: id + 2,
                    expected: "a word without white space".to_string(),
                    found: word.to_string(),
                });
            }
            text.push_str(word);
            for x in vector {
                write!(text, " {x}").expect("a string takes all that is written");
            }
            text.push('\n');
        }
        Ok(text)
    }

    /// Vectors from word2vec's text format.
    ///
    /// # Errors
    /// [`WordsError::Line`] for a line that is not as expected, or a word that was there before.
    pub fn from_text(text: &str) -> Result<Self, WordsError> {
        let line = |line: usize, found: &str, expected: String| {
            let found = found.chars().take(40).collect();
            WordsError::Line { line: line + 1, expected, found }
        };
        let mut lines = text.lines().enumerate();
        let (_, header) = lines.next().unwrap_or_default();
        let sizes: Option<Vec<usize>> =
            header.split_whitespace().map(|size| size.parse().ok()).collect();
        let Some(&[words, dimensions]) = sizes.as_deref() else {
            return Err(line(0, header, "the number of words and of dimensions".to_string()));
        };
        let (mut vocabulary, mut vectors) = (Vocabulary::new(), Vec::new());
        for (at, content) in lines {
            let mut fields = content.split_whitespace();
            let word = fields.next().unwrap_or_default();
            let numbers: Option<Vec<f32>> = fields.map(|x| x.parse().ok()).collect();
            match numbers {
                Some(numbers) if !word.is_empty() && numbers.len() == dimensions => {
                    vectors.extend(numbers);
                }
                _ => return Err(line(at, content, format!("a word and {dimensions} numbers"))),
            }
            if vocabulary.insert(word) as usize != at - 1 {
                return Err(line(at, content, "a word that was not there before".to_string()));
            }
        }
        if vocabulary.len() != words {
            let found = format!("{} words", vocabulary.len());
            return Err(line(0, &found, format!("{words} words")));
        }
        Self::new(vocabulary, vectors, dimensions)
    }

    /// Writes a file in word2vec's text format, which is replaced once all is written.
    ///
    /// # Errors
    /// [`WordsError::File`] with the cause.
    pub fn save_text(&self, path: impl AsRef<Path>) -> Result<(), WordsError> {
        write(path.as_ref(), self.to_text()?.as_bytes())
    }

    /// Reads a file in word2vec's text format.
    ///
    /// # Errors
    /// [`WordsError::File`] with the cause.
    pub fn load_text(path: impl AsRef<Path>) -> Result<Self, WordsError> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| file(path, error))?;
        Self::from_text(&text).map_err(|error| file(path, error))
    }
}

/// Writes a file that is replaced whole.
fn write(path: &Path, bytes: &[u8]) -> Result<(), WordsError> {
    replace(path, |file| file.write_all(bytes)).map_err(|error| file(path, error))
}

fn file(path: &Path, source: impl std::error::Error + Send + Sync + 'static) -> WordsError {
    WordsError::File { path: path.display().to_string(), source: source.into() }
}

#[cfg(feature = "safetensors")]
mod binary {
    use std::vec;

    use super::*;
    use crate::io::{Entries, Tensors, WeightsError};

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
                return Err(WordsError::Format(format!("the word {word:?} has a line break")));
            }
            let mut file = Entries::default();
            file.text(WORDS, words.join("\n"));
            file.reals(VECTORS, &[words.len(), self.dimensions()], self.as_slice());
            file.to_bytes().map_err(format)
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
            vocabulary.extend(words.lines());
            let dims = file.dims(VECTORS).ok_or_else(|| missing("tensor", VECTORS))?;
            let &[rows, dimensions] = dims else {
                let found = format!("found `{VECTORS}` of shape {dims:?}, expected a matrix");
                return Err(WordsError::Format(found));
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
            let bytes = fs::read(path).map_err(|error| file(path, error))?;
            Self::from_bytes(&bytes).map_err(|error| file(path, error))
        }
    }

    fn format(error: WeightsError) -> WordsError {
        WordsError::Format(error.to_string())
    }
}
