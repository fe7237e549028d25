//! The layers.

mod dense;
mod relu;
mod residual;

pub use dense::{Dense, DenseParams};
pub use relu::Relu;
pub use residual::Residual;
