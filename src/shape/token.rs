//! Ids of tokens.

use super::{Elements, Shape};
use crate::kernel::Real;
use crate::shape::Dimension;
use core::marker::PhantomData;
use typenum::{U0, U1};

/// One token of a vocabulary of `Vocabulary`, by its id: what one step of a language model takes.
///
/// A column is a single `u32`. It is not a number to calculate with, so only layers that look ids
/// up, such as [`Embedding`](crate::layers::Embedding), take it. Ids are checked against the
/// vocabulary once, where they enter a [`Batch`](crate::data::Batch) of
/// [`Tokens`](crate::data::Tokens).
#[derive(Clone, Copy, Debug, Default)]
pub struct Token<Vocabulary = U0>(PhantomData<Vocabulary>);

impl<V: Dimension> Shape for Token<V> {
    /// The vocabulary stands where other shapes have their channels.
    const DIMS: [usize; 3] = [V::USIZE, 1, 1];
    /// A column is one id; none where the vocabulary is unknown.
    const SIZE: usize = if V::USIZE > 0 { 1 } else { 0 };
    type Channels = V;
    type Height = U1;
    type Width = U1;
    type Features = U1;
    type Element<T: Real> = u32;

    const NUMERIC: bool = false;

    fn elements<T: Real>(elements: &[u32]) -> Elements<'_, T> {
        Elements::Ids(elements)
    }
}
