//! The layers.
//!
//! One layer is one file, its line in the folder's `mod.rs`, and a test file of the same name under
//! `tests/layers`; [CONTRIBUTING](https://docs.rs/crate/formwork/latest/source/CONTRIBUTING.md) says
//! how. A file reads: equations, shapes, parameters, init, forward, backward.

mod activation;
mod conv;
mod dense;
mod dropout;
mod embedding;
mod film;
mod norm;
mod pool;
mod recurrent;
mod reshape;
mod rows;
mod switch;
mod wavenet;
mod window;
mod wrap;

pub use activation::*;
pub use conv::*;
pub use dense::{Dense, DenseParams, TiedDense, TiedDenseParams};
pub use dropout::{Dropout, DropoutTape};
pub use embedding::{Embedding, EmbeddingMax, EmbeddingParams, EmbeddingSum, PaddingId, Touched};
pub use film::*;
pub use norm::*;
pub use pool::*;
pub use recurrent::*;
pub use reshape::*;
pub use wavenet::*;
pub use wrap::*;
