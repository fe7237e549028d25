//! What a program that declares networks needs.

pub use crate::layer::{AsMatrix, AsVector, Init};
pub use crate::layers::*;
pub use crate::loss::*;
pub use crate::network;
pub use crate::shape::{Bag, Image, Shape, Token, Vector};
pub use crate::{Generator, Inference, Model, Network, Player, Step, Stream, Workspace};
