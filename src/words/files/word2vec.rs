//! Word vectors in the binary format of the program word2vec.
//!
//! A line with the number of words and of dimensions, then for each word its letters, a space, and
//! its numbers in single precision, the least byte first. Most programs write a line break after it.

use std::format;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::string::String;
use std::vec::Vec;
use std::{str, vec};

use super::file;
use crate::data::text::Vocabulary;
use crate::files::{LONGEST_LINE, excerpt, open};
use crate::words::{WordVectors, WordsError};

impl WordVectors {
    /// Vectors from word2vec's binary format.
    ///
    /// # Errors
    /// [`WordsError::Format`] for other bytes, [`WordsError::NotFinite`] for numbers that are not
    /// finite.
    ///
    /// ```
    /// use formwork::words::WordVectors;
    ///
    /// let bytes = [b"2 1\nhello ", &1.0_f32.to_le_bytes()[..], b"\nworld ", &[0; 4], b"\n"];
    /// let vectors = WordVectors::from_word2vec(&bytes.concat())?;
    /// assert_eq!(vectors, WordVectors::from_text("2 1\nhello 1\nworld 0\n")?);
    /// # Ok::<(), formwork::words::WordsError>(())
    /// ```
    pub fn from_word2vec(bytes: &[u8]) -> Result<Self, WordsError> {
        read(bytes, bytes.len() as u64)
    }

    /// Reads a file in word2vec's binary format.
    ///
    /// # Errors
    /// [`WordsError::File`] with the cause.
    pub fn load_word2vec(path: impl AsRef<Path>) -> Result<Self, WordsError> {
        let path = path.as_ref();
        let (content, length) = open(path).map_err(|error| file(path, error))?;
        read(BufReader::new(content), length).map_err(|error| file(path, error))
    }
}

/// Reads vectors that `length` bytes hold.
fn read(mut content: impl BufRead, length: u64) -> Result<WordVectors, WordsError> {
    let wrong = |message: String| Err(WordsError::Format(message));
    let first = until(&mut content, b'\n')?;
    let sizes = str::from_utf8(&first).ok().and_then(|line| {
        let (words, dimensions) = line.trim_end().split_once([' ', '\t'])?;
        Some((words.parse::<u64>().ok()?, dimensions.parse::<u64>().ok()?))
    });
    let Some((words, dimensions)) = sizes else {
        let found = excerpt(&String::from_utf8_lossy(&first));
        return wrong(format!(
            "line 1: found \"{found}\", expected the number of words and of dimensions"
        ));
    };
    // A word takes a space at least, besides its numbers.
    let needed =
        dimensions.checked_mul(4).and_then(|bytes| bytes.checked_add(1)?.checked_mul(words));
    if needed.is_none_or(|needed| needed > length) {
        return wrong(format!(
            "found {length} bytes, too few for the {words} vectors of {dimensions} that line 1 promises"
        ));
    }
    let (mut vocabulary, mut vectors) = (Vocabulary::new(), Vec::new());
    let mut bytes = vec![0; if words == 0 { 0 } else { 4 * dimensions as usize }];
    for number in 0..words {
        let word = until(&mut content, b' ')?;
        let word = word.strip_suffix(b" ").unwrap_or(&word);
        let word = word.strip_prefix(b"\n").unwrap_or(word);
        let Ok(word) = str::from_utf8(word) else {
            let found = excerpt(&String::from_utf8_lossy(word));
            return wrong(format!("word {number}: found \"{found}\", expected text"));
        };
        if vocabulary.insert(word) as u64 != number {
            let word = excerpt(word);
            return wrong(format!("word {number}: found \"{word}\", which was there before"));
        }
        if content.read_exact(&mut bytes).is_err() {
            return wrong(format!(
                "ends within the vector of word {number}, \"{}\"",
                excerpt(word)
            ));
        }
        let (numbers, _) = bytes.as_chunks();
        vectors.extend(numbers.iter().map(|number| f32::from_le_bytes(*number)));
    }
    let rest = until(&mut content, b'\n')?;
    if !(rest.is_empty() || rest == b"\n") || !content.fill_buf()?.is_empty() {
        return wrong(format!("found more than the {words} words that line 1 promises"));
    }
    WordVectors::new(vocabulary, vectors, dimensions as usize)
}

/// The bytes up to one of this value, but not many.
fn until(content: &mut impl BufRead, end: u8) -> Result<Vec<u8>, WordsError> {
    let mut bytes = Vec::new();
    content.take(LONGEST_LINE as u64).read_until(end, &mut bytes)?;
    Ok(bytes)
}
