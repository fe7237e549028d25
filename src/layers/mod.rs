//! The layers.

mod batch_norm;
mod concat;
mod dense;
mod layer_norm;
mod relu;
mod residual;
mod tied_dense;

pub use batch_norm::{BatchNorm, BatchNormParams, BatchNormStats};
pub use concat::{Branches, Concat, SeveralStacks};
pub use dense::{Dense, DenseParams};
pub use layer_norm::{LayerNorm, LayerNormParams};
pub use relu::Relu;
pub use residual::Residual;
pub use tied_dense::{TiedDense, TiedDenseParams};
