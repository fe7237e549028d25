//! The Penn Treebank as a corpus for language models: newspaper text of one million words.
//!
//! The files are those that T. Mikolov prepared from M. Marcus, B. Santorini and M. Marcinkiewicz,
//! "Building a large annotated corpus of English: the Penn Treebank": 10,000 kinds of words, all
//! others replaced by `<unk>`, and numbers by `N`. Other corpora in that form load as well.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::vec::Vec;

use super::load::{DATA_VARIABLE, LoadError, open, search};
use super::text::{self, Vocabulary};
use crate::files;

/// A corpus as ids, with what they stand for.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// The words, in the order in which they first appear in the text to train on.
    pub vocabulary: Vocabulary,
    /// The text to train on.
    pub train: Vec<u32>,
    /// The text to choose settings by.
    pub valid: Vec<u32>,
    /// The text to test on.
    pub test: Vec<u32>,
}

/// The folder within a folder of data sets.
const FOLDER: &str = "ptb";

/// The texts to train on, to choose settings by, and to test on.
const FILES: [&str; 3] = ["ptb.train.txt", "ptb.valid.txt", "ptb.test.txt"];

/// Loads the three files from `folder`, or from the folder `ptb` within it; each plain, or gzipped
/// with `.gz` at the end of its name.
///
/// # Errors
/// [`LoadError::Missing`] where not all files are there, [`LoadError::File`] for one that is no
/// text, has a line of more than 16 MiB, or a word that the text to train on has not.
///
/// ```no_run
/// use formwork::data::ptb;
///
/// let corpus = ptb::load("data")?;
/// assert_eq!(corpus.train.len(), 929_589);
/// assert_eq!(corpus.vocabulary.id("car"), Some(3856));
/// # Ok::<(), formwork::data::LoadError>(())
/// ```
pub fn load(folder: impl AsRef<Path>) -> Result<Corpus, LoadError> {
    let [train, valid, test] = search(folder.as_ref(), FOLDER, &FILES)?;
    let mut vocabulary = Vocabulary::new();
    let train = read(&train, |text| Ok(vocabulary.extend(text::separated(text))))?;
    let encode = |text: &str| vocabulary.encode(text::separated(text));
    let (valid, test) = (read(&valid, encode)?, read(&test, encode)?);
    Ok(Corpus { vocabulary, train, valid, test })
}

/// Loads the files from the folder that the environment variable `FORMWORK_DATA` names.
///
/// # Errors
/// [`LoadError::Unnamed`] where the variable is not set, and those of [`load`].
pub fn from_env() -> Result<Corpus, LoadError> {
    load(std::env::var_os(DATA_VARIABLE).ok_or(LoadError::Unnamed)?)
}

fn read(
    path: &Path,
    ids: impl FnOnce(&str) -> Result<Vec<u32>, text::UnknownText>,
) -> Result<Vec<u32>, LoadError> {
    open(path, |content| {
        let text = String::from_utf8(files::text(content)?);
        Ok(ids(&text.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?)?)
    })
}
