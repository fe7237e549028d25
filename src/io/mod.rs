//! Weights in files, in the [safetensors](https://huggingface.co/docs/safetensors) format.
//!
//! A model's file holds its parameters and statistics under the names and in the shapes of a
//! PyTorch `state_dict` (`fc1.weight`, `bn1.running_mean`), each in the byte order that PyTorch
//! has them in. So weights pass both ways:
//!
//! ```text
//! safetensors.torch.save_file(module.state_dict(), "net.safetensors")      # then Model::load
//! module.load_state_dict(safetensors.torch.load_file("net.safetensors"))   # after Model::save
//! ```
//!
//! A file loads only where it has every tensor of the network, in the network's shapes, and no
//! others (but the batch counters `num_batches_tracked`, which only PyTorch keeps). Numbers may be
//! of single, double or half precision or `bfloat16`, whatever the model calculates in; other types
//! are refused. [`Model::save_half`](crate::Model::save_half) halves a file.
//!
//! Numbers that no network can calculate with, not finite or a variance below zero, are neither
//! written nor read; [`Model::save_as_is`](crate::Model::save_as_is) writes them nevertheless.
//!
//! Files are [replaced](replace) whole, which other programs' files may be, too.
//!
//! ```
//! use formwork::prelude::*;
//! use rand::SeedableRng;
//!
//! network! {
//!     struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> }
//! }
//! network! {
//!     struct Wider: Vector<2> => Vector<1> { fc1: Dense<9>, Tanh, fc2: Dense<1> }
//! }
//!
//! let model = Model::<Gate>::new(&mut Generator::seed_from_u64(1));
//! let bytes = model.to_bytes()?;
//! assert_eq!(Model::<Gate>::from_bytes(&bytes)?.parameters(), model.parameters());
//!
//! let error = Model::<Wider>::from_bytes(&bytes).err().unwrap();
//! assert_eq!(error.to_string(), "tensor `fc1.weight` is 8x2, expected 9x2");
//! # Ok::<(), formwork::io::WeightsError>(())
//! ```

mod entries;
mod error;
mod file;
mod left_over;
mod names;
mod numbers;
mod tensors;
mod weights;

pub use crate::files::replace;
pub(crate) use entries::Entries;
pub use error::{FormatError, WeightsError};
pub use file::FileError;
pub(crate) use file::{content, read, write};
pub use left_over::LeftOver;
pub use names::Names;
pub(crate) use tensors::Tensors;
