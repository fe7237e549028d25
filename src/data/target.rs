//! What a network is to learn about one sample.

use super::sample::{Number, Sample, limit};
use crate::kernel::Real;
use crate::shape::Elements;

/// What belongs to one sample as its answer: [`Classes`] or [`Values`].
pub trait Target: Sample {}

/// One of `N` classes, given by its id: a `u32` below `N`.
///
/// ```
/// use formwork::data::{Batch, Classes};
///
/// let error = Batch::<Classes<10>>::from_vec(vec![3, 10]).unwrap_err();
/// assert_eq!(error.to_string(), "sample 1 has the id 10, expected an id below 10");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Classes<const N: usize>;

impl<const N: usize> Sample for Classes<N> {
    const DIMS: [usize; 3] = [1, 1, 1];
    const LIMIT: Option<u32> = Some(limit(N));
    type Element<T: Number> = u32;

    fn elements<T: Real>(elements: &[u32]) -> Elements<'_, T> {
        Elements::Ids(elements)
    }
}

impl<const N: usize> Target for Classes<N> {}

/// `N` real numbers for each sample: the targets of a regression, or a probability for each of
/// `N` classes.
#[derive(Clone, Copy, Debug)]
pub struct Values<const N: usize>;

impl<const N: usize> Sample for Values<N> {
    const DIMS: [usize; 3] = [N, 1, 1];
    type Element<T: Number> = T;

    fn elements<T: Real>(elements: &[T]) -> Elements<'_, T> {
        Elements::Numbers(elements)
    }
}

impl<const N: usize> Target for Values<N> {}
