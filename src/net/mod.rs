//! Whole networks: what they are, their parameters, and the memory of training and inference.

mod inference;
mod model;
mod network;
mod pass;
mod player;
mod steps;
mod stream;
mod summary;
mod tensors;
mod weights;
pub(crate) mod workspace;

pub use inference::Inference;
pub use model::Model;
pub use network::{Network, OutputMatrix, OutputMatrixMut};
pub use player::Player;
pub use stream::Stream;
pub use tensors::Tensor;
pub use weights::{HasWeights, Weights};
pub use workspace::{Step, Workspace};
