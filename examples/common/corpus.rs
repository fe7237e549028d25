//! The texts of the examples that learn from text.

use super::{Flags, Result};
use formwork::data::ptb::{self, Corpus};
use formwork::data::text::{Vocabulary, words};
use formwork::data::{DATA_VARIABLE, LoadError};
use std::io::Read;

impl Flags {
    /// The Penn Treebank, where a folder of it is named.
    pub fn treebank(&self) -> std::result::Result<Option<Corpus>, LoadError> {
        match &self.data {
            Some(folder) => ptb::load(folder).map(Some),
            None if std::env::var_os(DATA_VARIABLE).is_some() => ptb::from_env().map(Some),
            None => Ok(None),
        }
    }
}

/// *Hamlet*, of which a tenth each is to choose settings by and for the test.
pub fn hamlet() -> Result<Corpus> {
    let mut text = String::new();
    let bytes = include_bytes!("../data/hamlet.txt.gz");
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text)?;
    let mut vocabulary = Vocabulary::new();
    let mut train = vocabulary.extend(words(&text));
    let mut valid = train.split_off(train.len() * 8 / 10);
    let test = valid.split_off(valid.len() / 2);
    Ok(Corpus { vocabulary, train, valid, test })
}
