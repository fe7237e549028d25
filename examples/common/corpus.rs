//! The text of the examples that learn from text.

use std::io::Read;
use std::path::Path;

use formwork::data::ptb::{self, Corpus};
use formwork::data::text::{Vocabulary, words};

/// The Penn Treebank in `folder`, or else *Hamlet*, of which a tenth each is for validation and for
/// the test.
pub fn corpus(folder: Option<&Path>) -> Result<Corpus, Box<dyn std::error::Error>> {
    match folder {
        Some(folder) => Ok(ptb::load(folder)?),
        None => Ok(hamlet()?),
    }
}

fn hamlet() -> std::io::Result<Corpus> {
    let mut text = String::new();
    let bytes = include_bytes!("../data/hamlet.txt.gz");
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text)?;
    let mut vocabulary = Vocabulary::new();
    let mut train = vocabulary.extend(words(&text));
    let mut valid = train.split_off(train.len() * 8 / 10);
    let test = valid.split_off(valid.len() / 2);
    Ok(Corpus { vocabulary, train, valid, test })
}
