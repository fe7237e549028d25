//! What examples share: flags, a folder for what they write, data, and how they show an epoch.
#![allow(dead_code, reason = "each example uses a part of this")]

#[macro_use]
mod out;
pub mod book;
pub mod checkpoints;
pub mod corpus;
pub mod progress;

use formwork::data::{DATA_VARIABLE, LoadError, mnist};
use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

/// The result of an example.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// Why an example ends early; `main` shows it in words.
pub struct Failure(Box<dyn Error>);

impl<E: Into<Box<dyn Error>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The most threads of an example: so many more than there are cores do nothing but wait.
pub const MOST_THREADS: i64 = 256;

/// The flags of an example that trains.
#[derive(clap::Args)]
pub struct Flags {
    /// Seed of all random numbers
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Threads to compute on, up to 256 [default: all cores]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=MOST_THREADS))]
    pub threads: Option<u16>,
    /// Times to go through the training set
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub epochs: Option<u32>,
    /// Folder with MNIST or the Penn Treebank; the environment variable FORMWORK_DATA names it as
    /// well
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Folder for pictures and weights [default: target/NAME OF THE EXAMPLE]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

impl Flags {
    /// Starts the threads, makes the folder for what the example writes, and gives its path.
    pub fn prepare(&self, example: &str) -> Result<PathBuf> {
        if let Some(threads) = self.threads {
            rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global()?;
        }
        folder(self.out.as_deref(), example)
    }

    /// The number of epochs, if the flag does not say otherwise.
    pub fn epochs(&self, default: usize) -> usize {
        self.epochs.map_or(default, |epochs| epochs as usize)
    }

    /// The number of steps in so many epochs of `steps` each, if the flag says how many.
    pub fn steps(&self, default: usize, steps: usize) -> usize {
        self.epochs.map_or(default, |epochs| epochs as usize * steps)
    }

    /// MNIST, where a folder of it is named.
    pub fn mnist(&self) -> std::result::Result<Option<mnist::Mnist>, LoadError> {
        mnist_in(self.data.as_deref())
    }
}

/// Makes the folder for what an example writes.
pub fn folder(out: Option<&Path>, example: &str) -> Result<PathBuf> {
    let out = out.map_or_else(|| ["target", example].iter().collect(), Path::to_path_buf);
    std::fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    Ok(out)
}

/// MNIST in a folder, or in that which the environment names.
pub fn mnist_in(folder: Option<&Path>) -> std::result::Result<Option<mnist::Mnist>, LoadError> {
    match folder {
        Some(folder) => mnist::load(folder).map(Some),
        None if std::env::var_os(DATA_VARIABLE).is_some() => mnist::from_env().map(Some),
        None => Ok(None),
    }
}
