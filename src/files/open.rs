//! Files to be read.

use std::format;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Opens a file and tells its length in bytes. Without one, such as a pipe, which might never give
/// anything nor end, it is no file to read from.
pub(crate) fn open(path: &Path) -> io::Result<(File, u64)> {
    let kind = fs::metadata(path)?.file_type();
    if !kind.is_file() {
        let kind = if kind.is_dir() { "a folder" } else { "a pipe, a socket or a device" };
        return Err(io::Error::new(
            ErrorKind::InvalidInput,
            format!("expected a file, found {kind}"),
        ));
    }
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}
