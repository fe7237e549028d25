//! Text as ids: vocabularies, and how text is cut into words or characters.
//!
//! ```
//! use formwork::data::text::{Vocabulary, words};
//!
//! let mut vocabulary = Vocabulary::new();
//! let ids = vocabulary.extend(words("You say goodbye,\nand I say hello."));
//! // you say goodbye , <eos> and i say hello . <eos>
//! assert_eq!(ids, [0, 1, 2, 3, 4, 5, 6, 1, 7, 8, 4]);
//! assert_eq!(vocabulary.text(7), Some("hello"));
//! assert_eq!(vocabulary.id("say"), Some(1));
//! ```

use crate::files::excerpt;
use std::collections::HashMap;
use std::string::{String, ToString};
use std::vec::Vec;

/// What stands for the end of a line.
pub const END_OF_LINE: &str = "<eos>";

/// Texts (words or characters) with their ids, given out in the order of first appearance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    texts: Vec<String>,
    ids: HashMap<String, u32>,
}

impl Vocabulary {
    /// A vocabulary of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many texts there are: all ids are below.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are no texts.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The id of a text that has appeared.
    pub fn id(&self, text: &str) -> Option<u32> {
        self.ids.get(text).copied()
    }

    /// The text with an id.
    pub fn text(&self, id: u32) -> Option<&str> {
        self.texts.get(id as usize).map(String::as_str)
    }

    /// The id of a text, which is a new one where it has not appeared before.
    pub fn insert(&mut self, text: &str) -> u32 {
        if let Some(id) = self.id(text) {
            return id;
        }
        let id = self.texts.len() as u32;
        self.texts.push(text.to_string());
        self.ids.insert(text.to_string(), id);
        id
    }

    /// The ids of texts, of which those that have not appeared before are added.
    pub fn extend<S: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = S>) -> Vec<u32> {
        texts.into_iter().map(|text| self.insert(text.as_ref())).collect()
    }

    /// The ids of texts that have all appeared.
    ///
    /// # Errors
    /// The first one that has not.
    pub fn encode<S: AsRef<str>>(
        &self,
        texts: impl IntoIterator<Item = S>,
    ) -> Result<Vec<u32>, UnknownText> {
        let id = |(position, text): (usize, S)| {
            let unknown = || UnknownText { position, text: text.as_ref().to_string() };
            self.id(text.as_ref()).ok_or_else(unknown)
        };
        texts.into_iter().enumerate().map(id).collect()
    }
}

/// A text that is not in the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("text {position} is \"{}\", expected one of the vocabulary", excerpt(text))]
pub struct UnknownText {
    /// Its position, from zero.
    pub position: usize,
    /// The text.
    pub text: String,
}

/// The words of plain text in lower case, each punctuation mark for itself, and
/// [`END_OF_LINE`] after each line that is not empty. Apostrophes and hyphens belong to the word
/// that they stand in: `o'er`.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter(|line| !line.trim().is_empty()).flat_map(|line| {
        let mut words: Vec<String> = Vec::new();
        let mut inside = false;
        for c in line.chars() {
            let joins = c.is_alphanumeric() || (inside && (c == '\'' || c == '-'));
            if joins && inside {
                words.last_mut().expect("there is a word").extend(c.to_lowercase());
            } else if !c.is_whitespace() {
                words.push(c.to_lowercase().collect());
            }
            inside = joins;
        }
        words.push(END_OF_LINE.to_string());
        words
    })
}

/// The words between white space, and [`END_OF_LINE`] after each line: for text that has been cut
/// into words before.
pub fn separated(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split_whitespace().chain([END_OF_LINE]))
}

/// Every character for itself, line ends included.
pub fn characters(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()])
}
