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
//! (`safetensors.torch.save_model(module, ..)` where modules share a weight.)
//!
//! A file loads only where it has every tensor of the network, in the network's shapes (dimensions
//! of 1 aside), and no others (but the batch counters `num_batches_tracked`, which only PyTorch
//! keeps, and does not ask for). Numbers may be of single, double or half precision or `bfloat16`,
//! whatever the model calculates in; other types are refused.
//! [`Model::save_half`](crate::Model::save_half) halves a file.
//!
//! Names are those of the layers in the network, and of what is in them. Beside `weight` and `bias`:
//!
//! | here | in PyTorch | tensors |
//! |---|---|---|
//! | `lstm: Lstm<3>`, also `Gru`, `Rnn` | `nn.LSTM(2, 3)` | `lstm.weight_ih_l0`, `lstm.weight_hh_l0`, `lstm.bias_ih_l0`, `lstm.bias_hh_l0` |
//! | the same | `nn.LSTMCell(2, 3)` | `lstm.weight_ih`, ..: these are read, too |
//! | `lstm: Bidirectional { Lstm<3> }` | `nn.LSTM(2, 3, bidirectional=True)` | the same, and `lstm.weight_ih_l0_reverse`, .. |
//! | `below: Lstm<3>, above: Lstm<3>` | `nn.LSTM(2, 3, num_layers=2)` | `lstm.weight_ih_l0`, .., `lstm.weight_ih_l1`, ..: see [`Names::stacked`] |
//! | `head: Dense<7> tied to embed` | `head.weight = embed.weight` | `embed.weight` and `head.weight`, which are equal, or one of them |
//! | `ln: LayerNorm` of an image | `nn.LayerNorm([2, 3, 3])` | `ln.weight` of 2x3x3 |
//! | `bn: BatchNorm` | `nn.BatchNorm2d(4)` | `bn.running_mean`, `bn.running_var` |
//! | `block: Residual { fc: Dense<3> }` | a module `block` with a module `fc` | `block.fc.weight` |
//! | `branches: Concat { { .. }, { .. } }` | `nn.ModuleList` | `branches.0.fc.weight`, `branches.1.fc.weight` |
//!
//! Other names, a prefix, positions in `nn.Sequential`, tensors that are missing or too many:
//! [`Names`] say so to [`Model::load_with`](crate::Model::load_with) and
//! [`Model::save_with`](crate::Model::save_with). [`Model::tensor`](crate::Model::tensor) gives one
//! tensor by its name.
//!
//! Numbers that no network can calculate with, not finite or a variance below zero, are neither
//! written nor read; [`Model::save_as_is`](crate::Model::save_as_is) writes them nevertheless.
//!
//! Files are [replaced](replace) whole, which other programs' files may be, too.
//!
//! Without the feature `std` there are no files, and weights are bytes: [`Model::from_bytes`](crate::Model::from_bytes).
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

#![cfg_attr(not(feature = "std"), allow(dead_code, reason = "files and checkpoints use the rest"))]

mod entries;
mod error;
#[cfg(feature = "std")]
mod file;
mod left_over;
mod names;
mod numbers;
mod tensors;
mod weights;

#[cfg(feature = "std")]
pub use crate::files::replace;
pub(crate) use entries::Entries;
pub use error::{FormatError, WeightsError};
#[cfg(feature = "std")]
pub use file::FileError;
#[cfg(feature = "std")]
pub(crate) use file::{content, read, write};
pub use left_over::LeftOver;
pub use names::Names;
pub(crate) use tensors::Tensors;
