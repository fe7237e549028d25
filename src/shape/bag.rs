//! Several ids at once.

use super::{Dimension, Elements, Shape};
use crate::kernel::Real;
use core::marker::PhantomData;
use typenum::{U0, U1};

/// `Count` tokens of a vocabulary of `Vocabulary`, in no order: the words around a gap, say.
///
/// A column is `Count` ids. [`Embedding`](crate::layers::Embedding) takes the mean of their
/// vectors. Ids are checked against the vocabulary once, where they enter a
/// [`Batch`](crate::data::Batch) of [`Bags`](crate::data::Bags).
#[derive(Clone, Copy, Debug, Default)]
pub struct Bag<Vocabulary = U0, Count = U0>(PhantomData<(Vocabulary, Count)>);

impl<V: Dimension, Count: Dimension> Shape for Bag<V, Count> {
    /// The vocabulary stands where other shapes have their channels.
    const DIMS: [usize; 3] = [V::USIZE, Count::USIZE, 1];
    /// A column is its ids; none where the vocabulary is unknown.
    const SIZE: usize = if V::USIZE > 0 { Count::USIZE } else { 0 };
    type Channels = V;
    type Height = Count;
    type Width = U1;
    type Features = Count;
    type Element<T: Real> = u32;

    const NUMERIC: bool = false;

    fn elements<T: Real>(elements: &[u32]) -> Elements<'_, T> {
        Elements::Ids(elements)
    }
}
