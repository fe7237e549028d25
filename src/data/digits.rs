//! The optical digits of the UCI Machine Learning Repository: handwritten digits of 8 by 8 pixels,
//! in ten classes.
//!
//! E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", 1998,
//! <https://doi.org/10.24432/C50P49>. Each pixel counts the dark points, 0 to 16, in one block of
//! 4 by 4 of a scan of 32 by 32.

use std::io::Read;
use std::path::Path;

use super::content::ContentError;
use super::csv::Table;
use super::dataset::Dataset;
use super::load::{LoadError, decompressed, open};
use super::target::Classes;
use crate::shape::{Grid, Sample};

/// Handwritten digits: one channel of 8 by 8 brightnesses from 0 (paper) to 1 (ink).
pub type Digits = Dataset<Grid<1, 8, 8>, Classes<10>>;

/// The largest value of a pixel: all points of a block are dark.
const FULL: u32 = 16;

/// Reads digits from the file at `path`, as [`parse`] does.
///
/// # Errors
/// [`LoadError::File`] where it cannot be read or does not hold such digits.
pub fn load(path: impl AsRef<Path>) -> Result<Digits, LoadError> {
    open(path.as_ref(), read)
}

/// Reads digits from CSV text, plain or gzipped: a line for each digit, 64 pixels from 0 to 16 row
/// by row, then the digit.
///
/// # Errors
/// [`ContentError`] where a line does not hold such a digit.
///
/// ```
/// use formwork::data::digits;
///
/// let digits = digits::parse(include_bytes!("../../examples/data/digits.csv.gz"))?;
/// assert_eq!(digits.len(), 1797);
/// # Ok::<(), formwork::data::ContentError>(())
/// ```
pub fn parse(bytes: &[u8]) -> Result<Digits, ContentError> {
    read(&mut decompressed(bytes, bytes.len() as u64)?)
}

fn read(content: &mut dyn Read) -> Result<Digits, ContentError> {
    let table = Table::read(content)?;
    let mut digits: Digits = table.classes(Grid::<1, 8, 8>::SIZE)?;
    for pixel in 0..Grid::<1, 8, 8>::SIZE {
        table.integers(pixel, 0, FULL)?;
    }
    for value in digits.inputs_mut().data_mut() {
        *value /= FULL as f32;
    }
    Ok(digits)
}
