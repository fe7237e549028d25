//! Whole files.

use super::error::WeightsError;
use crate::Model;
use crate::Network;
use crate::files::replace;
use crate::kernel::Real;
use alloc::vec::Vec;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file of weights that cannot be written, read, or used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub error: WeightsError,
}

/// Files of weights: see [`io`](crate::io).
impl<N: Network, T: Real> Model<N, T> {
    /// Writes the parameters and statistics to a file, which is [replaced](crate::io::replace) once
    /// all is written.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        write(path.as_ref(), self.to_bytes())
    }

    /// As [`save`](Self::save), each number rounded to 16 bits (IEEE half precision): half of the
    /// size, with three significant digits. [`load`](Self::load) reads it.
    ///
    /// # Errors
    /// If the file cannot be written, or a number is beyond the largest one of half precision,
    /// 65504.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// use rand::SeedableRng;
    ///
    /// network! {
    ///     struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> }
    /// }
    ///
    /// let path = std::env::temp_dir().join("formwork-half.safetensors");
    /// let model = Model::<Gate>::new(&mut Generator::seed_from_u64(1));
    /// model.save_half(&path)?;
    /// let read = Model::<Gate>::load(&path)?;
    /// for (read, saved) in read.parameters().iter().zip(model.parameters()) {
    ///     assert!((read - saved).abs() <= saved.abs() / 2048.0);
    /// }
    /// # Ok::<(), formwork::io::FileError>(())
    /// ```
    pub fn save_half(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        write(path.as_ref(), self.to_half_bytes())
    }

    /// Reads a model from a file that [`save`](Self::save) or PyTorch wrote.
    ///
    /// # Errors
    /// If the file cannot be read or is not of this network: see [`WeightsError`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, FileError> {
        read(path.as_ref(), Self::from_bytes)
    }
}

/// Writes a file that is replaced whole.
pub(crate) fn write(path: &Path, bytes: Result<Vec<u8>, WeightsError>) -> Result<(), FileError> {
    bytes
        .and_then(|bytes| Ok(replace(path, |file| file.write_all(&bytes))?))
        .map_err(|error| FileError { path: path.to_owned(), error })
}

/// Reads a file and makes something of its bytes.
pub(crate) fn read<A>(
    path: &Path,
    parse: impl FnOnce(&[u8]) -> Result<A, WeightsError>,
) -> Result<A, FileError> {
    fs::read(path)
        .map_err(WeightsError::from)
        .and_then(|bytes| parse(&bytes))
        .map_err(|error| FileError { path: path.to_owned(), error })
}
