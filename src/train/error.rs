//! Why training stopped before its end.

use super::history::History;
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt::{self, Display, Formatter};

/// Why training stopped before its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A data set has no samples.
    #[error("the {0} set has no samples, expected at least one")]
    Empty(&'static str),
    /// Training has left the finite numbers. The model holds finite parameters: the best so far
    /// where the best are kept, otherwise the last ones.
    #[error("{0}")]
    Diverged(Box<Diverged>),
    /// A checkpoint cannot be written or read.
    #[cfg(feature = "safetensors")]
    #[error("checkpoint {0}")]
    Checkpoint(#[from] crate::io::FileError),
    /// There cannot be as many threads.
    #[cfg(feature = "parallel")]
    #[error("cannot start {count} threads: {error}")]
    Threads {
        /// How many were asked for.
        count: usize,
        /// What went wrong.
        error: rayon_core::ThreadPoolBuildError,
    },
}

/// Where training left the finite numbers.
#[derive(Clone, Debug)]
pub struct Diverged {
    /// The epoch, counted from 1 as in the lines of progress.
    pub epoch: usize,
    /// The step within the epoch, counted from 1; `None` after the last one, in validation.
    pub step: Option<usize>,
    /// The loss or the norm of the gradient.
    pub quantity: &'static str,
    /// What it was.
    pub value: f64,
    /// Where that came from.
    pub origin: Origin,
    /// What happened before.
    pub history: History,
}

/// The first thing found that is not finite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A layer's output, though what went into it was finite.
    Layer(String),
    /// A tensor among the parameters.
    Parameter(String),
    /// A tensor among the statistics.
    Statistic(String),
    /// The gradient by a tensor among the parameters.
    Gradient(String),
    /// Nothing outside of the loss function.
    Loss,
    /// The values are finite, the sum of their squares is not.
    Sum,
}

impl Display for Origin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layer(name) => write!(f, "the first output not finite is that of layer `{name}`"),
            Self::Parameter(name) => write!(f, "the parameter `{name}` is the first not finite"),
            Self::Statistic(name) => write!(f, "the statistic `{name}` is the first not finite"),
            Self::Gradient(name) => write!(f, "the gradient by `{name}` is the first not finite"),
            Self::Loss => f.write_str("parameters and outputs are finite"),
            Self::Sum => f.write_str("its values are finite, but too large for their squares"),
        }
    }
}

impl Display for Diverged {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { epoch, step, quantity, value, origin, .. } = self;
        write!(f, "training diverged in epoch {epoch}, ")?;
        match step {
            Some(step) => write!(f, "step {step}: ")?,
            None => f.write_str("validation: ")?,
        }
        write!(f, "the {quantity} is {value}, expected a finite number; {origin}. ")?;
        f.write_str("A lower learning rate or clipping the gradient may help")
    }
}
