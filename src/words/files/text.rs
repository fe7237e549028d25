//! Word vectors as text.
//!
//! The format is that of the program word2vec, which other tools read: a line with the number of
//! words and of dimensions, then a line for each word with its numbers. GloVe leaves out the first.

use std::fmt::Write as _;
use std::format;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::str;
use std::string::{String, ToString};
use std::vec::Vec;

use super::{file, write};
use crate::data::text::Vocabulary;
use crate::files::{Lines, excerpt, open};
use crate::words::{WordVectors, WordsError};

/// What the first line is.
const BEGINNING: &str = "the number of words and of dimensions, or a word and its numbers";

impl WordVectors {
    /// The vectors in word2vec's text format.
    ///
    /// # Errors
    /// [`WordsError::Line`] for a word of no letters, or with a space, a tab or a line break, which
    /// the format has no place for.
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
            if word.is_empty() || word.contains([' ', '\t', '\n']) {
                let expected = "a word without spaces, tabs and line breaks".to_string();
                return Err(WordsError::Line { line: id + 2, expected, found: excerpt(word) });
            }
            text.push_str(word);
            for x in vector {
                write!(text, " {x}").expect("a string takes all that is written");
            }
            text.push('\n');
        }
        Ok(text)
    }

    /// Vectors from word2vec's text format, or from GloVe's, which is the same without the first
    /// line.
    ///
    /// A word ends at a space or a tab.
    ///
    /// # Errors
    /// [`WordsError::Line`] for a line that is not as expected, a word that was there before, or a
    /// number that is not finite; [`WordsError::Io`] for a line of more than
    /// [`LONGEST_LINE`](crate::words::LONGEST_LINE) bytes.
    pub fn from_text(text: &str) -> Result<Self, WordsError> {
        read(text.as_bytes())
    }

    /// Writes a file in word2vec's text format, which is replaced once all is written.
    ///
    /// # Errors
    /// [`WordsError::File`] with the cause.
    pub fn save_text(&self, path: impl AsRef<Path>) -> Result<(), WordsError> {
        write(path.as_ref(), self.to_text()?.as_bytes())
    }

    /// Reads a file as [`from_text`](Self::from_text) does, line by line.
    ///
    /// # Errors
    /// [`WordsError::File`] with the cause.
    pub fn load_text(path: impl AsRef<Path>) -> Result<Self, WordsError> {
        let path = path.as_ref();
        let (content, _) = open(path).map_err(|error| file(path, error))?;
        read(BufReader::new(content)).map_err(|error| file(path, error))
    }
}

fn read(content: impl BufRead) -> Result<WordVectors, WordsError> {
    let mut lines = Lines::new(content);
    let (mut vocabulary, mut vectors) = (Vocabulary::new(), Vec::new());
    // How many words there should be, if that is said, and how many numbers a vector has.
    let (mut words, mut dimensions) = (None, None);
    let mut at = 0;
    while let Some(line) = lines.next()? {
        at += 1;
        let wrong = |found: &str, expected: String| {
            Err(WordsError::Line { line: at, found: excerpt(found), expected })
        };
        let expected = || match dimensions {
            Some(dimensions) => format!("a word and {dimensions} numbers"),
            None => BEGINNING.to_string(),
        };
        let Ok(line) = str::from_utf8(line) else {
            let text = "; `WordVectors::load_word2vec` reads the binary format";
            return wrong("bytes that are no text", expected() + text);
        };
        let mut fields = line.split([' ', '\t']);
        let word = fields.next().unwrap_or_default();
        let fields = fields.filter(|field| !field.is_empty());
        if at == 1
            && let Some(sizes) = sizes(word, fields.clone())
        {
            (words, dimensions) = (Some(sizes.0), Some(sizes.1));
            continue;
        }
        let start = vectors.len();
        for field in fields {
            match field.parse::<f32>() {
                Ok(number) if number.is_finite() => vectors.push(number),
                Ok(_) => {
                    return wrong(&format!("{word} {field}"), "finite numbers".to_string());
                }
                Err(_) => return wrong(line, expected()),
            }
        }
        let found = vectors.len() - start;
        if word.is_empty() || found == 0 || dimensions.is_some_and(|expected| expected != found) {
            return wrong(line, expected());
        }
        dimensions = Some(found);
        if words.is_some_and(|words| words == vocabulary.len()) {
            return wrong(line, format!("the end after {} words", vocabulary.len()));
        }
        let known = vocabulary.len();
        if vocabulary.insert(word) as usize != known {
            return wrong(line, "a word that was not there before".to_string());
        }
    }
    let (found, dimensions) = (vocabulary.len(), dimensions.unwrap_or(0));
    match words {
        Some(words) if words != found => {
            let (found, expected) = (format!("{found} words"), format!("{words} words"));
            Err(WordsError::Line { line: 1, found, expected })
        }
        None if found == 0 => {
            let expected = BEGINNING.to_string();
            Err(WordsError::Line { line: 1, found: String::new(), expected })
        }
        _ => WordVectors::new(vocabulary, vectors, dimensions),
    }
}

/// The numbers of words and of dimensions, if that is what a line holds.
fn sizes<'a>(first: &str, mut rest: impl Iterator<Item = &'a str>) -> Option<(usize, usize)> {
    let sizes = (first.parse().ok()?, rest.next()?.parse().ok()?);
    rest.next().is_none().then_some(sizes)
}
