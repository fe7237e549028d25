//! The layers.

mod activation;
mod dense;
mod window;

pub use activation::*;
pub use dense::{Dense, DenseParams, TiedDense, TiedDenseParams};

// Uncommented as each family is ported:
// mod conv;
// mod embedding;
// mod norm;
// mod pool;
// mod recurrent;
// mod reshape;
// mod wrap;
// pub use conv::*;
// pub use embedding::*;
// pub use norm::*;
// pub use pool::*;
// pub use recurrent::*;
// pub use reshape::*;
// pub use wrap::*;
