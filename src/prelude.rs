//! What a program that declares networks needs.

pub use crate::init::Init;
pub use crate::layers::*;
pub use crate::loss::*;
pub use crate::network;
pub use crate::network::Network;
pub use crate::shape::{Bag, Image, Shape, Token, Vector};
#[cfg(feature = "std")]
pub use crate::train::{Evaluate, Fit};
pub use crate::{
    Compare, CompareSampled, Generator, Inference, Model, Run, Stream, Train, Workspace,
};
