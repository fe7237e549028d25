//! What can be wrong with what a file holds.

use std::io;

use super::error::DataError;
use super::text::UnknownText;

/// What is wrong with the content of a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ContentError {
    /// It cannot be read or decompressed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no IDX file, or not the expected one.
    #[error(transparent)]
    Idx(#[from] IdxError),
    /// It is no table of numbers, or not the expected one.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// It has a word that is not in the vocabulary.
    #[error(transparent)]
    Text(#[from] UnknownText),
    /// Its samples do not fit their type.
    #[error(transparent)]
    Data(#[from] DataError),
}

/// What is wrong with a table. Lines and columns count from one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// It is not text.
    #[error("line {line} is not UTF-8 text")]
    Encoding {
        /// The line.
        line: usize,
    },
    /// It has no row of numbers.
    #[error("has no row of numbers")]
    Empty,
    /// A row has more or fewer fields than the first line.
    #[error("line {line}: the number of fields is {found}, expected {expected} as in line 1")]
    Fields {
        /// The line.
        line: usize,
        /// How many fields the first line has.
        expected: usize,
        /// How many this one has.
        found: usize,
    },
    /// A field is not what it should be.
    #[error("line {line}, column {column}: found `{found}`, expected {expected}")]
    Field {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// The field, shortened where it is long.
        found: String,
        /// What it should be.
        expected: String,
    },
    /// There is no such column.
    #[error("has no column {wanted}; {present}")]
    Column {
        /// The name in quotes, or the number.
        wanted: String,
        /// The columns there are.
        present: String,
    },
    /// The columns beside the targets do not make a sample.
    #[error(
        "has {found} columns beside the targets, expected {expected} for a sample of {}x{}x{}",
        dims[0], dims[1], dims[2]
    )]
    Width {
        /// Channels, height and width of a sample.
        dims: [usize; 3],
        /// How many numbers such a sample has.
        expected: usize,
        /// How many columns there are for it.
        found: usize,
    },
}

/// What is wrong with an IDX file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IdxError {
    /// It does not begin as an IDX file.
    #[error(
        "no IDX file: begins with the bytes {found:02x?}, expected two zeros, a type code and a \
         number of dimensions"
    )]
    Magic {
        /// The first bytes, at most four.
        found: Vec<u8>,
    },
    /// It holds numbers of another type.
    #[error("holds numbers of type {}, expected {expected}", describe(*code))]
    Type {
        /// The type code in the file.
        code: u8,
        /// The name of the type asked for.
        expected: &'static str,
    },
    /// It ends before its dimensions do.
    #[error("ends within its header: found {found} of the {expected} bytes of its dimensions")]
    Header {
        /// How many bytes the dimensions take.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// Its header and its data disagree.
    #[error(
        "its header promises {} numbers ({expected} bytes), found {} bytes",
        times(dims),
        if *surplus { format!("more than {expected}") } else { found.to_string() }
    )]
    Size {
        /// The dimensions in the header.
        dims: Vec<usize>,
        /// How many bytes such an array takes.
        expected: usize,
        /// How many were read.
        found: usize,
        /// Whether there is more than was read.
        surplus: bool,
    },
    /// Its header promises more than memory can hold.
    #[error("its header promises {} numbers, more than memory can hold", times(dims))]
    TooLarge {
        /// The dimensions in the header.
        dims: Vec<usize>,
    },
    /// Its dimensions are not those of the data set that it should be part of.
    #[error("holds {} numbers, expected {expected}", times(dims))]
    Dims {
        /// The dimensions in the header.
        dims: Vec<usize>,
        /// What they should be.
        expected: String,
    },
}

/// The type that the code of an IDX file stands for.
fn describe(code: u8) -> String {
    let name = match code {
        0x08 => "u8",
        0x09 => "i8",
        0x0b => "i16",
        0x0c => "i32",
        0x0d => "f32",
        0x0e => "f64",
        _ => return format!("code {code:#04x} (unknown)"),
    };
    name.to_owned()
}

/// Dimensions as `2x3`.
fn times(dims: &[usize]) -> String {
    const FEW: usize = 8;
    let few: Vec<_> = dims.iter().take(FEW).map(usize::to_string).collect();
    let more = if dims.len() > FEW { "x..." } else { "" };
    few.join("x") + more
}
