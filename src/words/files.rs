//! Word vectors in files.
//!
//! The text format is that of the program word2vec, which other tools read: a line with the number
//! of words and of dimensions, then a line for each word with its numbers.

use std::fmt::Write as _;
use std::path::Path;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, fs};

use super::{WordVectors, WordsError};
use crate::data::text::Vocabulary;

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

    /// Writes a file in word2vec's text format.
    ///
    /// # Errors
    /// [`WordsError::File`] with the cause.
    pub fn save_text(&self, path: impl AsRef<Path>) -> Result<(), WordsError> {
        let path = path.as_ref();
        fs::write(path, self.to_text()?).map_err(|error| file(path, error))
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

fn file(path: &Path, source: impl std::error::Error + Send + Sync + 'static) -> WordsError {
    WordsError::File { path: path.display().to_string(), source: source.into() }
}

#[cfg(feature = "safetensors")]
mod binary {
    use std::collections::BTreeMap;

    use super::*;
    use crate::io::{Contents, Dtype, FormatError, Tensor};

    /// The name of the matrix.
    const VECTORS: &str = "vectors";
    /// What the words stand under, a line each.
    const WORDS: &str = "words";

    impl WordVectors {
        /// The vectors in the safetensors format: a matrix `vectors` with a row for each word, and
        /// the words as metadata, a line each.
        ///
        /// # Errors
        /// [`WordsError::Format`] for a word with a line break.
        pub fn to_bytes(&self) -> Result<Vec<u8>, WordsError> {
            let words: Vec<&str> = (0..self.vocabulary().len() as u32)
                .filter_map(|id| self.vocabulary().text(id))
                .collect();
            if let Some(word) = words.iter().find(|word| word.contains('\n')) {
                return Err(WordsError::Format(format!("the word {word:?} has a line break")));
            }
            let dims = [words.len(), self.dimensions()].to_vec();
            let bytes: Vec<u8> = self.as_slice().iter().flat_map(|x| x.to_le_bytes()).collect();
            let tensor = Tensor { dtype: Dtype::F32, dims, bytes };
            let file = Contents {
                metadata: BTreeMap::from([(WORDS.to_string(), words.join("\n"))]),
                tensors: BTreeMap::from([(VECTORS.to_string(), tensor)]),
            };
            Ok(file.to_bytes())
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
            let file = Contents::read(bytes).map_err(format)?;
            let words = file.metadata.get(WORDS);
            let words = words.ok_or_else(|| WordsError::Format(missing("metadata", WORDS)))?;
            let mut vocabulary = Vocabulary::new();
            vocabulary.extend(words.lines());
            let found = file.tensors.get(VECTORS);
            let found = found.ok_or_else(|| WordsError::Format(missing("tensor", VECTORS)))?;
            let (&[_, dimensions], Dtype::F32) = (found.dims.as_slice(), found.dtype) else {
                let found = format!("{} of shape {:?}", found.dtype.name, found.dims);
                return Err(WordsError::Format(format!("found {found}, expected a matrix of F32")));
            };
            let numbers = found.bytes.chunks_exact(4);
            let numbers = numbers.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
            Self::new(vocabulary, numbers, dimensions)
        }

        /// Writes a file in the safetensors format.
        ///
        /// # Errors
        /// [`WordsError::File`] with the cause.
        pub fn save(&self, path: impl AsRef<Path>) -> Result<(), WordsError> {
            let path = path.as_ref();
            fs::write(path, self.to_bytes()?).map_err(|error| file(path, error))
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

    fn format(error: FormatError) -> WordsError {
        WordsError::Format(error.to_string())
    }

    fn missing(kind: &str, name: &str) -> String {
        format!("found no {kind} `{name}`")
    }
}
