//! What can go wrong with a picture.

use std::io;
use std::path::{Path, PathBuf};

/// Why a picture was not written, and which one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data or the options leave nothing to draw, or contradict each other.
    #[error("cannot draw {}: {reason}", path.display())]
    Input {
        /// The file that was to be written.
        path: PathBuf,
        /// What was expected and what was found.
        reason: String,
    },
    /// The file could not be written.
    #[error("cannot write {}: {error}", path.display())]
    Write {
        /// The file that was to be written.
        path: PathBuf,
        /// What the operating system said.
        error: io::Error,
    },
}

/// The result of drawing a picture.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(super) fn input(path: &Path, reason: impl Into<String>) -> Self {
        Self::Input { path: path.into(), reason: reason.into() }
    }

    pub(super) fn write(path: &Path, error: io::Error) -> Self {
        Self::Write { path: path.into(), error }
    }
}
