//! Neural networks whose every tensor dimension is checked by the compiler.
#![cfg_attr(not(feature = "std"), no_std)]
#![warn(missing_docs)]

extern crate alloc;
extern crate self as formwork;

pub mod arguments;
mod buffer;
mod check;
pub mod data;
pub mod gradcheck;
pub mod init;
pub mod kernel;
pub mod layer;
pub mod layers;
pub mod loss;
pub mod memory;
mod model;
pub mod network;
pub mod optim;
pub mod plain;
#[cfg(feature = "plot")]
pub mod plot;
pub mod prelude;
pub mod schedule;
pub mod shape;
mod workspace;

pub use buffer::Buffer;
pub use check::Check;
pub use formwork_macros::network;
pub use model::Model;
pub use workspace::{Generator, Inference, Workspace};

#[doc(hidden)]
pub use rand;
#[doc(hidden)]
pub use typenum;
