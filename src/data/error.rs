//! What can be wrong with samples in memory.

use alloc::boxed::Box;
use core::fmt::{self, Display, Formatter};

/// Samples that do not fit their type. Positions count from zero.
// Written out because `thiserror` is there only with the feature `std`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DataError {
    /// The numbers do not fill whole samples.
    Length {
        /// Channels, height and width of a sample.
        dims: [usize; 3],
        /// How many numbers there are.
        found: usize,
    },
    /// One sample has too few or too many numbers.
    Row {
        /// Which sample.
        sample: usize,
        /// Channels, height and width of a sample.
        dims: [usize; 3],
        /// How many numbers this one has.
        found: usize,
    },
    /// An id is not below its limit.
    Id {
        /// Which sample.
        sample: usize,
        /// The id.
        id: u32,
        /// The smallest id that does not exist.
        limit: u32,
    },
    /// A text has too few tokens for one batch.
    Short {
        /// How many it has.
        found: usize,
        /// How many a batch needs, with the one after it.
        needed: usize,
    },
    /// A signal has too few steps for one batch of windows.
    Windows {
        /// How many it has.
        found: usize,
        /// How many a batch needs, with those before the first window.
        needed: usize,
    },
    /// A sequence has no steps.
    NoSteps,
    /// Something is wrong with one of several sequences, whose steps are the samples.
    Sequence {
        /// Which one.
        number: usize,
        /// What is wrong.
        error: Box<DataError>,
    },
    /// A sequence has neither one target nor one for each step; or one, where those before have one
    /// for each step, or the other way round.
    Answers {
        /// How many targets.
        found: usize,
        /// How many steps.
        steps: usize,
    },
    /// Sequences side by side, where samples are expected that have nothing to do with each other.
    Lanes {
        /// How many sequences.
        found: usize,
    },
    /// There is not one target for each input.
    Counts {
        /// How many inputs.
        inputs: usize,
        /// How many targets.
        targets: usize,
    },
    /// A number is infinite or not a number.
    NotFinite {
        /// Whether it stands in an input or in a target.
        part: Part,
        /// Which sample.
        sample: usize,
        /// Channel, row and column in the sample.
        at: [usize; 3],
        /// The number.
        value: f64,
    },
}

/// The two sides of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What a network is given.
    Input,
    /// What it is to answer.
    Target,
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Input => "input",
            Part::Target => "target",
        })
    }
}

impl Display for DataError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            DataError::Length { dims: [c, h, w], found } => write!(
                f,
                "found {found} numbers, expected a multiple of {} for samples of {c}x{h}x{w}",
                c * h * w
            ),
            DataError::Row { sample, dims: [c, h, w], found } => write!(
                f,
                "sample {sample} has {found} numbers, expected {} for a sample of {c}x{h}x{w}",
                c * h * w
            ),
            DataError::Id { sample, id, limit } => {
                write!(f, "sample {sample} has the id {id}, expected an id below {limit}")
            }
            DataError::Short { found, needed } => {
                write!(
                    f,
                    "found {found} tokens, expected at least {needed} for a batch and the token after it"
                )
            }
            DataError::Windows { found, needed } => write!(
                f,
                "found a signal of {found} steps, expected at least {needed} for a batch of windows"
            ),
            DataError::NoSteps => f.write_str("found no steps, expected at least one"),
            DataError::Sequence { number, ref error } => write!(f, "sequence {number}: {error}"),
            DataError::Answers { found, steps } => write!(
                f,
                "found {found} targets for {steps} steps, expected one for each step or one for all, \
                 as for the sequences before"
            ),
            DataError::Lanes { found } => write!(
                f,
                "found {found} sequences side by side, expected samples that have nothing to do with \
                 each other"
            ),
            DataError::Counts { inputs, targets } => {
                write!(f, "found {inputs} inputs and {targets} targets, expected as many of each")
            }
            DataError::NotFinite { part, sample, at: [c, h, w], value } => write!(
                f,
                "{part} {sample} is {value} at channel {c}, row {h}, column {w}, expected a finite number"
            ),
        }
    }
}

impl core::error::Error for DataError {}
