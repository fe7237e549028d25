//! The layers.

mod activation;
mod dense;
mod window;

pub use activation::*;
pub use dense::{Dense, DenseParams, TiedDense, TiedDenseParams};
