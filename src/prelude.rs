//! What a program that declares networks needs.

pub use crate::init::Init;
pub use crate::layers::*;
pub use crate::loss::*;
pub use crate::network;
pub use crate::network::Network;
pub use crate::shape::{Image, Shape, Token, Vector};
pub use crate::{Generator, Inference, Model, Stream, Workspace};
