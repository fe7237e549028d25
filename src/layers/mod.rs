//! The layers.

mod activation;
mod conv;
mod dense;
mod dropout;
mod embedding;
mod norm;
mod pool;
mod reshape;
mod window;
mod wrap;

pub use activation::*;
pub use conv::*;
pub use dense::{Dense, DenseParams, TiedDense, TiedDenseParams};
pub use dropout::{Dropout, DropoutTape};
pub use embedding::{Embedding, EmbeddingParams, Touched};
pub use norm::*;
pub use pool::*;
pub use reshape::*;
pub use wrap::*;

// Uncommented as each family is ported:
// mod recurrent;
// pub use recurrent::*;
