//! What can be wrong with weights.

use crate::files::{beginning, excerpt};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use safetensors::SafeTensorError;

/// Weights that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// Reading or writing failed.
    #[cfg(feature = "std")]
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It is not in the safetensors format, or cut off.
    #[error("expected a safetensors file, found {length} bytes that are none: {error}")]
    Format {
        /// How many bytes there are.
        length: usize,
        /// What is wrong with them.
        error: FormatError,
    },
    /// It has more bytes than any file of the network. It was not read to its end.
    #[error("found {found} bytes of tensors, expected at most {most} for this network")]
    Long {
        /// How many bytes there are behind the header.
        found: u64,
        /// How many there may be.
        most: u64,
    },
    /// The safetensors format has no room for it.
    #[error("cannot be written as a safetensors file: {0}")]
    Unwritable(FormatError),
    /// There is no such tensor.
    #[error(
        "there is no tensor `{tensor}`, expected one of {}; found {}{hint}",
        dims(expected),
        list(found, *more)
    )]
    Missing {
        /// The tensor's name.
        tensor: String,
        /// Its dimensions.
        expected: Vec<usize>,
        /// The first names of tensors that are there, shortened where they are long.
        found: Vec<String>,
        /// How many more there are.
        more: usize,
        /// What to do about it; empty if there is nothing to say.
        hint: Box<str>,
    },
    /// There is a tensor too many.
    #[error("there is a tensor `{tensor}` of {}, expected none of this name", dims(found))]
    Surplus {
        /// The tensor's name, shortened where it is long.
        tensor: String,
        /// Its dimensions.
        found: Vec<usize>,
    },
    /// A weight that layers share is not the same for all of them.
    #[error("tensors `{one}` and `{other}` differ, expected the same twice: the layers share it")]
    Differ {
        /// One of its names.
        one: String,
        /// Another one.
        other: String,
    },
    /// Two tensors would have one name.
    #[error("two tensors go by the name `{tensor}`, expected a name for each")]
    Twice {
        /// The name.
        tensor: String,
    },
    /// A tensor has another shape.
    #[error("tensor `{tensor}` is {}, expected {}", dims(found), dims(expected))]
    Shape {
        /// The tensor's name.
        tensor: String,
        /// Its dimensions in the network.
        expected: Vec<usize>,
        /// Its dimensions in the file.
        found: Vec<usize>,
    },
    /// A tensor is of numbers of another type.
    #[error("tensor `{tensor}` is of type {found}, expected {expected}")]
    Type {
        /// The tensor's name.
        tensor: String,
        /// The types that can be read.
        expected: &'static str,
        /// The type in the file.
        found: String,
    },
    /// A tensor holds what no network can calculate with.
    #[error("tensor `{tensor}` holds {value} at position {index}, expected finite numbers")]
    NotFinite {
        /// The tensor's name.
        tensor: String,
        /// The position in the tensor, row after row.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A variance or another mean of squares is below zero.
    #[error("tensor `{tensor}` holds {value} at position {index}, expected no number below 0")]
    Negative {
        /// The tensor's name.
        tensor: String,
        /// The position in the tensor, row after row.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A tensor holds what half precision cannot.
    #[error(
        "tensor `{tensor}` holds {value} at position {index}, expected at most 65504 either way, \
         the largest number of half precision"
    )]
    TooLarge {
        /// The tensor's name.
        tensor: String,
        /// The position in the tensor, row after row.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A checkpoint is of another optimiser.
    #[error(transparent)]
    Optimizer(#[from] crate::optim::StateError),
    /// A checkpoint is of another schedule.
    #[error("schedule state: found {found} numbers, which are of another schedule")]
    Schedule {
        /// How many numbers the checkpoint holds.
        found: usize,
    },
}

/// How much of the crate's own messages is told, in characters.
const LONGEST: usize = 200;

/// Why bytes are not in the safetensors format, or cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FormatError(String);

impl FormatError {
    /// What the crate finds wrong with `file`, in words for those who only have the file.
    pub(super) fn reading(error: SafeTensorError, file: &[u8]) -> Self {
        use SafeTensorError as Error;
        let header = file.first_chunk().map_or(0, |length| u64::from_le_bytes(*length));
        Self(match error {
            Error::HeaderTooSmall => "expected the length of a header in 8 bytes".to_string(),
            Error::HeaderTooLarge | Error::InvalidHeaderLength => {
                format!("expected a header of {header} bytes")
            }
            Error::InvalidOffset(name) => {
                let name = excerpt(&name);
                format!("expected tensor `{name}` to begin where the one before it ends")
            }
            Error::TensorInvalidInfo | Error::MisalignedSlice | Error::ValidationOverflow => {
                "expected each tensor to have as many bytes as its shape takes".to_string()
            }
            Error::MetadataIncompleteBuffer => {
                "expected the last tensor to end where the file ends".to_string()
            }
            error => beginning(&error.to_string(), LONGEST),
        })
    }

    /// Why the crate does not write a file.
    pub(super) fn writing(error: SafeTensorError) -> Self {
        Self(match error {
            SafeTensorError::HeaderTooLarge => {
                "expected names and texts of at most 100 MB together".to_string()
            }
            error => error.to_string(),
        })
    }
}

/// `50x784`
fn dims(dims: &[usize]) -> String {
    /// More than any tensor of a network has.
    const FEW: usize = 8;
    let mut text = dims.iter().take(FEW).map(usize::to_string).collect::<Vec<_>>().join("x");
    match dims.len() {
        0 => text.push_str("a single number"),
        length if length > FEW => text.push_str(&format!("x... ({length} dimensions)")),
        _ => {}
    }
    text
}

/// The first few names.
fn list(names: &[String], more: usize) -> String {
    let mut text = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    if more > 0 {
        text.push(format!("and {more} more"));
    }
    if text.is_empty() { "none at all".to_string() } else { text.join(", ") }
}
