//! Layers around stacks of layers.

mod concat;
mod residual;

pub use concat::{Concat, ConcatTape, SeveralStacks};
pub use residual::{Residual, ResidualTape};
