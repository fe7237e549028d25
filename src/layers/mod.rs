//! The layers.

mod activation;
mod dense;
mod dropout;
mod norm;
mod window;

pub use activation::*;
pub use dense::{Dense, DenseParams, TiedDense, TiedDenseParams};
pub use dropout::{Dropout, DropoutTape};
pub use norm::*;

// Uncommented as each family is ported:
// mod conv;
// mod embedding;
// mod pool;
// mod recurrent;
// mod reshape;
// mod wrap;
// pub use conv::*;
// pub use embedding::*;
// pub use pool::*;
// pub use recurrent::*;
// pub use reshape::*;
// pub use wrap::*;
