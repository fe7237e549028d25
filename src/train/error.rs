//! Why training stopped before its end.

use super::diverged::{Diverged, Origin};
#[cfg(feature = "safetensors")]
use super::fingerprint::ChangedSetting;
use alloc::boxed::Box;
#[cfg(feature = "safetensors")]
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
#[cfg(feature = "safetensors")]
use std::path::PathBuf;

/// Why training stopped before its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A data set has no samples.
    #[error("the {0} set has no samples, expected at least one")]
    Empty(&'static str),
    /// All targets of a data set are [`IGNORED`](crate::data::IGNORED).
    #[error("all {count} targets of the {set} set are to be ignored, expected one that is not")]
    Ignored {
        /// Which set: training or validation.
        set: &'static str,
        /// How many targets it has.
        count: usize,
    },
    /// The loss gives no weight to any target of a data set, such as a class weight of zero.
    #[error("all {count} targets of the {set} set have a weight of 0, expected one that counts")]
    Weightless {
        /// Which set: training or validation.
        set: &'static str,
        /// How many targets it has.
        count: usize,
    },
    /// There is no step to take, for what is less than a batch is [dropped](super::Trainer::drop_last).
    #[error(
        "`drop_last` leaves out all {samples} samples of the training set, expected as many as a \
         batch of {batch_size}"
    )]
    AllDropped {
        /// How many samples there are.
        samples: usize,
        /// How many a batch takes.
        batch_size: usize,
    },
    /// A setting makes use of the validation loss, but there is no validation set.
    #[error(
        "`{0}` goes by the validation loss, but there is no validation set: expected a call of \
         `validate`"
    )]
    NotValidated(&'static str),
    /// The model, or what the optimiser remembers, is not finite before the first step.
    #[error("training cannot start: {0}")]
    Start(Origin),
    /// Training has left the finite numbers. The model holds finite parameters: see
    /// [`fit`](super::Trainer::fit).
    #[error("{0}")]
    Diverged(Box<Diverged>),
    /// A checkpoint cannot be written or read.
    #[cfg(feature = "safetensors")]
    #[error("checkpoint {0}")]
    Checkpoint(#[from] crate::io::FileError),
    /// A checkpoint is of a run with other settings.
    #[cfg(feature = "safetensors")]
    #[error(
        "checkpoint {}: it is of a run with other settings: {}. `resume_changed` goes on with those \
         of this run",
        path.display(),
        list(settings)
    )]
    Changed {
        /// The checkpoint.
        path: PathBuf,
        /// All settings that differ.
        settings: Vec<ChangedSetting>,
    },
    /// So many ranks cannot share the groups of a batch.
    #[error(
        "{ranks} ranks cannot share batches in {groups} groups of samples, expected a power of two, \
         and at most as many as there are groups: see `Trainer::groups`"
    )]
    Ranks {
        /// How many ranks there are.
        ranks: usize,
        /// Into how many groups a batch is cut.
        groups: usize,
    },
    /// Ranks have not been given the same.
    #[error(
        "ranks {rank} and {other} do not train alike, expected the same model, optimiser, settings, \
         seed, data sets and instruction set"
    )]
    RanksDiffer {
        /// This rank.
        rank: usize,
        /// The other.
        other: usize,
    },
    /// Another rank cannot be reached.
    #[error("rank {rank} has lost rank {other}: {error}")]
    Lost {
        /// This rank.
        rank: usize,
        /// The other.
        other: usize,
        /// What went wrong.
        error: std::io::Error,
    },
    /// So many threads would do nothing but wait for each other.
    #[cfg(feature = "parallel")]
    #[error("cannot train on {count} threads, expected at most {most} on this machine")]
    TooManyThreads {
        /// How many were asked for.
        count: usize,
        /// How many there may be: 256, or four for each core.
        most: usize,
    },
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

#[cfg(feature = "safetensors")]
fn list(settings: &[ChangedSetting]) -> String {
    settings.iter().map(ChangedSetting::to_string).collect::<Vec<_>>().join("; ")
}
