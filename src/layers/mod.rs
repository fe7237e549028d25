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

pub use activation::*;
pub use conv::*;
pub use dense::{Dense, DenseParams, TiedDense, TiedDenseParams};
pub use dropout::{Dropout, DropoutTape};
pub use embedding::{Embedding, EmbeddingParams, Touched};
pub use norm::*;
pub use pool::*;
pub use reshape::*;

// Uncommented as each family is ported:
// mod recurrent;
// mod wrap;
// pub use recurrent::*;
// pub use wrap::*;
