//! Reading files: the errors, and plain or gzipped content.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::content::ContentError;
use crate::files;

/// The environment variable that names the folder of data sets.
pub const DATA_VARIABLE: &str = "FORMWORK_DATA";

/// A data set that could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A file that cannot be read, or that is not what it should be.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: ContentError,
    },
    /// A folder without the files of a data set.
    #[error(
        "{}: expected the files {} (each plain, or gzipped with `.gz` at its end) here or in the \
         folder `{folder}` within; missing: {}. Pass another folder, or name it in the environment \
         variable {DATA_VARIABLE}",
        path.display(), expected.join(", "), missing.join(", ")
    )]
    Missing {
        /// The folder that was searched.
        path: PathBuf,
        /// The folder within that was searched as well.
        folder: &'static str,
        /// The files of the data set.
        expected: &'static [&'static str],
        /// Those that are not there.
        missing: Vec<&'static str>,
    },
    /// No folder was named.
    #[error(
        "the environment variable {DATA_VARIABLE} is not set; set it to the folder of the data sets"
    )]
    Unnamed,
}

/// The files of these names, or their gzipped forms, in `folder`, or in the folder `name` within.
pub(super) fn search<const N: usize>(
    folder: &Path,
    name: &'static str,
    files: &'static [&'static str; N],
) -> Result<[PathBuf; N], LoadError> {
    let all = |folder: &Path| files.map(|file| find(folder, file));
    let (here, within) = (all(folder), all(&folder.join(name)));
    let found = |files: &[Option<PathBuf>; N]| files.iter().flatten().count();
    let paths = if found(&here) >= found(&within) { here } else { within };
    if found(&paths) == N {
        return Ok(paths.map(|path| path.expect("all are there")));
    }
    let missing = files.iter().zip(&paths).filter(|(_, path)| path.is_none());
    Err(LoadError::Missing {
        path: folder.to_owned(),
        folder: name,
        expected: files,
        missing: missing.map(|(&file, _)| file).collect(),
    })
}

/// The file of this name in a folder, or its gzipped form.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let plain = folder.join(name);
    let gzipped = folder.join(format!("{name}.gz"));
    [plain, gzipped].into_iter().find(|path| path.is_file())
}

/// How many bytes gzipped content may have, however short it is gzipped: 64 MiB.
pub const ALWAYS_EXPANDED: u64 = 64 << 20;

/// How many times as long as it is gzipped longer content may be.
pub const LARGEST_EXPANSION: u64 = 250;

/// Opens a file and hands it to `read`, decompressed where it is gzipped.
pub(super) fn open<A>(
    path: &Path,
    read: impl FnOnce(&mut dyn Read) -> Result<A, ContentError>,
) -> Result<A, LoadError> {
    files::open(path)
        .and_then(|(file, length)| decompressed(file, length))
        .map_err(ContentError::from)
        .and_then(|mut content| read(&mut content))
        .map_err(|error| LoadError::File { path: path.to_owned(), error })
}

/// The `length` bytes of `raw`, decompressed where they begin as gzip does.
pub(super) fn decompressed<'a>(
    mut raw: impl Read + 'a,
    length: u64,
) -> io::Result<Box<dyn Read + 'a>> {
    let mut start = Vec::with_capacity(2);
    raw.by_ref().take(2).read_to_end(&mut start)?;
    let gzipped = start == [0x1f, 0x8b];
    let all = io::Cursor::new(start).chain(raw);
    if !gzipped {
        return Ok(Box::new(all));
    }
    let limit = length.saturating_mul(LARGEST_EXPANSION).max(ALWAYS_EXPANDED);
    let content = MultiGzDecoder::new(io::BufReader::new(all));
    Ok(Box::new(Limited { content, limit, left: limit }))
}

/// Content that may not be longer than its limit.
struct Limited<R> {
    content: R,
    limit: u64,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        // One byte more than there may be shows that there are too many.
        let found = self.content.by_ref().take(self.left + 1).read(bytes)?;
        match self.left.checked_sub(found as u64) {
            Some(left) => self.left = left,
            None => {
                let message = format!(
                    "gzipped content of more than {} bytes, expected at most so many of a file of \
                     this length",
                    self.limit
                );
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
        }
        Ok(found)
    }
}
