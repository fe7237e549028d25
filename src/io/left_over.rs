//! What a file and a network do not have in common.

use alloc::string::String;
use alloc::vec::Vec;

/// What a file and a network do not have in common: nothing, unless [`Names`](super::Names) allow
/// it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOver {
    /// Tensors of the network that the file has not, by the network's names: they are as they were.
    pub missing: Vec<String>,
    /// Tensors of the file that the network has not, by the file's names.
    pub surplus: Vec<String>,
}
