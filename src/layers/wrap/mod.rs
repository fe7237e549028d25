//! Layers around stacks of layers.

mod branches;
mod concat;
mod elementwise;
mod product;
mod residual;
mod sum;

pub use branches::{Branched, Branches, BranchesTape, Combine, SeveralStacks, Stacks};
pub use concat::{Concat, SideBySide};
pub use product::{Multiplied, Product};
pub use residual::{Residual, ResidualTape};
pub use sum::{Added, Sum};
