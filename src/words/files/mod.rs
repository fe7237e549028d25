//! Word vectors in files.

#[cfg(feature = "safetensors")]
mod safetensors;
mod text;
mod word2vec;

use std::io::Write as _;
use std::path::Path;
use std::string::ToString;

use super::WordsError;
use crate::files::replace;

/// Writes a file that is replaced whole.
fn write(path: &Path, bytes: &[u8]) -> Result<(), WordsError> {
    replace(path, |file| file.write_all(bytes)).map_err(|error| file(path, error))
}

fn file(path: &Path, source: impl std::error::Error + Send + Sync + 'static) -> WordsError {
    WordsError::File { path: path.display().to_string(), source: source.into() }
}
