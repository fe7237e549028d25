//! Whole files.

use super::error::{FileError, WeightsError};
use alloc::format;
use alloc::vec::Vec;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file, so that under `path` there is at any time the old one or the new one, whole.
pub(crate) fn write(path: &Path, bytes: Result<Vec<u8>, WeightsError>) -> Result<(), FileError> {
    let write = || -> Result<(), WeightsError> {
        let bytes = bytes?;
        let beside = beside(path)?;
        let written = File::create(&beside)
            .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&beside, path));
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        Ok(written?)
    };
    write().map_err(|error| FileError { path: path.to_owned(), error })
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

/// A name in the same folder, that of this process alone.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, "expected the path of a file, found none")
    })?;
    Ok(path.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id())))
}
