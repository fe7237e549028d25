//! The layers.

mod activation;
mod conv;
mod dense;
mod dropout;
mod norm;
mod pool;
mod recurrent;
mod reshape;
mod window;

pub use activation::*;
pub use conv::*;
pub use dense::{Dense, DenseParams, TiedDense, TiedDenseParams};
pub use dropout::{Dropout, DropoutTape};
pub use norm::*;
pub use pool::*;
pub use recurrent::*;
pub use reshape::*;

// Uncommented as each family is ported:
// mod embedding;
// mod wrap;
// pub use embedding::*;
// pub use wrap::*;
