//! Normalisation: mean and variance are those of the numbers that come in, and what is learned.

mod batch_norm;
mod layer_norm;

pub use batch_norm::{BatchNorm, BatchNormParams, BatchNormStats, BatchNormTape};
pub use layer_norm::{LayerNorm, LayerNormParams, LayerNormTape};
