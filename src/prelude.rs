//! What a program that declares networks needs.

pub use crate::layers::*;
pub use crate::network;
pub use crate::network::Network;
pub use crate::shape::{Image, Shape, Vector};
