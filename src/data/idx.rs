//! IDX files: n-dimensional arrays of numbers, the format of MNIST.
//!
//! A file holds two zero bytes, a type code, the number of dimensions, each dimension as 32 bits,
//! and then the numbers with the last dimension fastest, all of them big-endian. Gzipped files are
//! recognised by their content, and expanded as [tables](super::csv) are; nothing is read beyond what
//! the dimensions promise.

use std::io::Read;
use std::path::Path;

use super::content::ContentError;
use super::load::{LoadError, decompressed, open};

pub use super::content::IdxError;

/// An array of numbers with its dimensions, the last one fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Array<T> {
    dims: Vec<usize>,
    data: Vec<T>,
}

impl<T> Array<T> {
    /// The dimensions, at least one.
    pub fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// The numbers: as many as the product of the dimensions.
    pub fn data(&self) -> &[T] {
        &self.data
    }

    /// The numbers as a vector of their own.
    pub fn into_vec(self) -> Vec<T> {
        self.data
    }
}

/// A type of numbers that IDX files hold: `u8`, `i8`, `i16`, `i32`, `f32` or `f64`.
pub trait Element: Sized + sealed::Element {}

mod sealed {
    pub trait Element: Sized {
        const CODE: u8;
        const NAME: &'static str;
        fn decode(bytes: &[u8]) -> Vec<Self>;
    }
}

/// Implements [`Element`].
macro_rules! elements {
    ($($type:ty = $code:literal),*) => {
        $(
            impl Element for $type {}
            impl sealed::Element for $type {
                const CODE: u8 = $code;
                const NAME: &'static str = stringify!($type);
                fn decode(bytes: &[u8]) -> Vec<Self> {
                    let (numbers, _) = bytes.as_chunks();
                    numbers.iter().map(|number| Self::from_be_bytes(*number)).collect()
                }
            }
        )*
    };
}

elements!(u8 = 0x08, i8 = 0x09, i16 = 0x0b, i32 = 0x0c, f32 = 0x0d, f64 = 0x0e);

/// Reads the file at `path`, plain or gzipped.
///
/// # Errors
/// [`LoadError::File`] where it cannot be read or is not an array of `T` from its first to its last
/// byte.
pub fn load<T: Element>(path: impl AsRef<Path>) -> Result<Array<T>, LoadError> {
    open(path.as_ref(), read)
}

/// Reads an array from bytes, plain or gzipped.
///
/// # Errors
/// [`ContentError`] where they are not an array of `T` from the first to the last.
///
/// ```
/// use formwork::data::idx;
///
/// // Type code 8 (u8), two dimensions: 2 and 3.
/// let bytes = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];
/// let array = idx::parse::<u8>(&bytes)?;
/// assert_eq!(array.dims(), [2, 3]);
/// assert_eq!(array.data(), [1, 2, 3, 4, 5, 6]);
///
/// let error = idx::parse::<u8>(&bytes[..16]).unwrap_err();
/// assert_eq!(error.to_string(), "its header promises 2x3 numbers (6 bytes), found 4 bytes");
/// # Ok::<(), formwork::data::ContentError>(())
/// ```
pub fn parse<T: Element>(bytes: &[u8]) -> Result<Array<T>, ContentError> {
    read(&mut decompressed(bytes, bytes.len() as u64)?)
}

fn read<T: Element>(content: &mut dyn Read) -> Result<Array<T>, ContentError> {
    let magic = up_to(content, 4)?;
    let (code, rank) = match magic[..] {
        [0, 0, code, rank] if rank > 0 => (code, rank),
        _ => return Err(IdxError::Magic { found: magic }.into()),
    };
    if code != T::CODE {
        return Err(IdxError::Type { code, expected: T::NAME }.into());
    }

    let expected = 4 * usize::from(rank);
    let header = up_to(content, expected)?;
    if header.len() < expected {
        return Err(IdxError::Header { expected, found: header.len() }.into());
    }
    let (dims, _) = header.as_chunks();
    let dims: Vec<_> = dims.iter().map(|dim| u32::from_be_bytes(*dim) as usize).collect();

    let size = dims.iter().try_fold(size_of::<T>(), |size, &dim| size.checked_mul(dim));
    let Some(expected) = size.filter(|&size| size < isize::MAX as usize) else {
        return Err(IdxError::TooLarge { dims }.into());
    };
    // One byte more than there should be: it would be surplus. Memory grows with what is read, not
    // with what a header promises.
    let bytes = up_to(content, expected + 1)?;
    if bytes.len() != expected {
        let surplus = bytes.len() > expected;
        return Err(IdxError::Size { dims, expected, found: bytes.len(), surplus }.into());
    }
    Ok(Array { dims, data: T::decode(&bytes) })
}

/// The next bytes, as many as there are but at most `count`.
fn up_to(content: &mut dyn Read, count: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    content.take(count as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
