//! Training that goes on after an interruption.

use formwork::data::Target;
use formwork::optim::Optimizer;
use formwork::prelude::*;
use formwork::train::Trainer;
use std::path::{Path, PathBuf};

/// The flags of an example whose training is worth going on with. A checkpoint is written after each
/// epoch.
#[derive(clap::Args)]
pub struct Checkpoints {
    /// Goes on after the last epoch of an earlier training with the same settings
    #[arg(long)]
    pub resume: bool,
    /// File to go on from, written after each epoch [default: beside what else is written]
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
}

impl Checkpoints {
    /// Where the checkpoint is, if the flag does not say otherwise.
    pub fn path(&self, default: PathBuf) -> PathBuf {
        self.checkpoint.clone().unwrap_or(default)
    }

    /// A trainer that writes its checkpoints, in the folder `out` unless the flag says otherwise, and
    /// goes on from there when asked to.
    pub fn of<'a, N: Network, Y: Target, O: Optimizer<f32> + Send>(
        &self,
        trainer: Trainer<'a, N, Y, O>,
        out: &Path,
    ) -> Trainer<'a, N, Y, O> {
        let path = self.path(out.join("checkpoint.safetensors"));
        let trainer = if self.resume { trainer.resume(&path) } else { trainer };
        trainer.checkpoint(path)
    }
}
