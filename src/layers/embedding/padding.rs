//! An id that stands for no token.

use crate::layer::NotGiven;
use crate::shape::{Check, Dimension, Shape};

/// The id that stands for no token, if there is one.
pub trait PaddingId: 'static {
    /// The id.
    const ID: Option<usize>;
}

impl PaddingId for NotGiven {
    const ID: Option<usize> = None;
}

impl<Id: Dimension> PaddingId for Id {
    const ID: Option<usize> = Some(Id::USIZE);
}

/// That the padding id is one of the vocabulary.
pub const fn is_known<P: PaddingId, In: Shape>() -> Check {
    let (vocabulary, padding) = (In::DIMS[0], if let Some(id) = P::ID { id } else { 0 });
    Check::require(
        padding < vocabulary || vocabulary == 0,
        "its padding id is {}, which a vocabulary of {} tokens does not have",
    )
    .number(padding)
    .number(vocabulary)
}

/// The tokens of a column.
pub fn tokens<P: PaddingId>(ids: &[u32]) -> impl Iterator<Item = usize> + Clone {
    ids.iter().map(|&id| id as usize).filter(|&id| P::ID != Some(id))
}
