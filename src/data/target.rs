//! What a network is to learn about one sample.

use crate::kernel::Real;
use crate::shape::{Elements, Number, Sample, limit};

/// What belongs to one sample as its answer: [`Classes`] or [`Values`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that outputs are held against",
    label = "no targets: expected `Classes<N>` or `Values<N>`"
)]
pub trait Target: Sample {}

/// The class id of a sample that has no answer: it counts neither in a loss nor in a metric, and
/// its gradient is zero. For instance the padding after a sentence that is shorter than the others.
///
/// Every [`Classes`] has it beside its own ids, and no class ever has this id.
///
/// ```
/// use formwork::data::{Batch, Classes, IGNORED};
///
/// let targets = Batch::<Classes<10>>::from_vec(vec![3, 9, IGNORED])?;
/// assert_eq!((targets.columns(), targets.answered()), (3, 2));
/// # Ok::<(), formwork::data::DataError>(())
/// ```
pub const IGNORED: u32 = u32::MAX;

/// One of `N` classes, given by its id: a `u32` below `N`, or [`IGNORED`].
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
    const EXEMPT: Option<u32> = Some(IGNORED);
    type Element<T: Number> = u32;

    fn padding<T: Number>() -> u32 {
        IGNORED
    }

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
