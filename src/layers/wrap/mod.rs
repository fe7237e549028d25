//! Layers around stacks of layers.

mod branches;
mod concat;
mod elementwise;
mod product;
mod residual;
mod stacks;
mod sum;

pub use branches::{Branches, BranchesTape, Combine};
pub use concat::{Concat, SideBySide};
pub use product::{Multiplied, Product};
pub use residual::{Residual, ResidualTape};
pub use stacks::{Branched, SeveralStacks, Stacks};
pub use sum::{Added, Sum};
