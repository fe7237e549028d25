//! Whole files.

use super::error::{FormatError, WeightsError};
use super::tensors::announced;
use super::weights::infos;
use super::{LeftOver, Names};
use crate::files::{open, replace};
use crate::kernel::Real;
use crate::{Model, Network};
use alloc::vec::Vec;
use safetensors::SafeTensorError;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The longest header that the format has, in bytes.
const HEADER: u64 = 100_000_000;

/// How much longer than a network's tensors a file may be, in bytes: for the counters of PyTorch,
/// and because the file of another small network is explained better tensor by tensor.
const SPARE: u64 = 16 << 20;

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
    /// If the file cannot be written, or a number is one that no network can calculate with: see
    /// [`NotFinite`](WeightsError::NotFinite) and [`Negative`](WeightsError::Negative).
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        write(path.as_ref(), self.to_bytes())
    }

    /// As [`save`](Self::save), under other names.
    ///
    /// # Errors
    /// Those of [`save`](Self::save), and if two tensors have one name.
    pub fn save_with(&self, path: impl AsRef<Path>, names: &Names) -> Result<(), FileError> {
        write(path.as_ref(), self.to_bytes_with(names))
    }

    /// As [`save`](Self::save), with whatever numbers there are: to look at a network that has left
    /// the finite ones, in Python say. [`load`](Self::load) refuses such a file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save_as_is(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        write(path.as_ref(), self.to_bytes_as_is())
    }

    /// As [`save`](Self::save), each number rounded to 16 bits (IEEE half precision): half of the
    /// size, with three significant digits. [`load`](Self::load) reads it.
    ///
    /// # Errors
    /// Those of [`save`](Self::save), and if a number is beyond the largest one of half precision,
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

    /// Reads a model from a file that [`save`](Self::save) or PyTorch wrote. Of a longer file than
    /// any of this network no more than the header is read.
    ///
    /// # Errors
    /// If the file cannot be read or is not of this network: see [`WeightsError`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, FileError> {
        read_up_to(most::<N, T>(), path.as_ref(), Self::from_bytes)
    }

    /// Takes over the weights in a file that has other names, or more or fewer tensors, as `names`
    /// says. Returns what one of the two has and the other has not.
    ///
    /// # Errors
    /// If the file cannot be read or is not of this network: see [`WeightsError`]. The model is then
    /// as it was.
    ///
    /// ```
    /// use formwork::io::Names;
    /// use formwork::prelude::*;
    /// use rand::SeedableRng;
    ///
    /// network! { struct Digits: Vector<8> => Vector<10> { fc1: Dense<9>, Relu, out: Dense<10> } }
    /// network! { struct Letters: Vector<8> => Vector<26> { fc1: Dense<9>, Relu, head: Dense<26> } }
    ///
    /// let path = std::env::temp_dir().join("formwork-digits.safetensors");
    /// let mut rng = Generator::seed_from_u64(1);
    /// let digits = Model::<Digits>::new(&mut rng);
    /// digits.save(&path)?;
    /// // What has been learned of digits is the beginning of learning letters.
    /// let mut letters = Model::<Letters>::new(&mut rng);
    /// let left = letters.load_with(&path, &Names::new().allow_missing().allow_surplus())?;
    /// assert_eq!(letters.fc1.weight, digits.fc1.weight);
    /// assert_eq!(left.missing, ["head.weight", "head.bias"]);
    /// assert_eq!(left.surplus, ["out.bias", "out.weight"]);
    /// # Ok::<(), formwork::io::FileError>(())
    /// ```
    pub fn load_with(
        &mut self,
        path: impl AsRef<Path>,
        names: &Names,
    ) -> Result<LeftOver, FileError> {
        let most = if names.surplus { u64::MAX } else { most::<N, T>() };
        read_up_to(most, path.as_ref(), |bytes| self.load_bytes_with(bytes, names))
    }
}

/// The most bytes that the tensors of a file may have.
fn most<N: Network, T: Real>() -> u64 {
    let infos = infos::<N, T>();
    let numbers = infos.iter().flatten().map(|info| (info.place.len() * info.names.len()) as u64);
    numbers.sum::<u64>().saturating_mul(8).saturating_add(SPARE)
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
    read_up_to(u64::MAX, path, parse)
}

/// The same of at most so many bytes of tensors.
fn read_up_to<A>(
    most: u64,
    path: &Path,
    parse: impl FnOnce(&[u8]) -> Result<A, WeightsError>,
) -> Result<A, FileError> {
    content(path, most)
        .and_then(|bytes| parse(&bytes))
        .map_err(|error| FileError { path: path.to_owned(), error })
}

/// The bytes of a file of the length that its header announces.
pub(crate) fn content(path: &Path, most: u64) -> Result<Vec<u8>, WeightsError> {
    let (file, length) = open(path)?;
    let mut bytes = Vec::new();
    let read = |bytes: &mut Vec<u8>, count: u64| {
        let count = count.min(length);
        bytes.try_reserve_exact(usize::try_from(count).unwrap_or(usize::MAX))?;
        (&file).take(count).read_to_end(bytes)
    };
    let format = |error, bytes: &[u8]| {
        let error = FormatError::reading(error, bytes);
        WeightsError::Format { length: usize::try_from(length).unwrap_or(usize::MAX), error }
    };
    read(&mut bytes, 8)?;
    match bytes.first_chunk().map(|header| u64::from_le_bytes(*header)) {
        Some(header) if header <= HEADER => read(&mut bytes, header)?,
        // What the parser refuses without having seen the header.
        _ => 0,
    };
    let announced = announced(&bytes).map_err(|error| format(error, &bytes))? as u64;
    if (bytes.len() as u64).checked_add(announced) != Some(length) {
        return Err(format(SafeTensorError::MetadataIncompleteBuffer, &bytes));
    }
    if announced > most {
        return Err(WeightsError::Long { found: announced, most });
    }
    read(&mut bytes, announced)?;
    Ok(bytes)
}
