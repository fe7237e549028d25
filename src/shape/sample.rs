//! What one sample is: a type that carries its dimensions as plain numbers.

use super::Elements;
use crate::kernel::Real;
use core::fmt::Debug;

/// What a batch may hold: a plain number that converts to `f64` without loss.
///
/// Every type with these traits has it: `f32`, `f64`, and the integers up to 32 bits.
pub trait Number: Copy + Default + PartialEq + Debug + Into<f64> + Send + Sync + 'static {}

impl<T: Copy + Default + PartialEq + Debug + Into<f64> + Send + Sync + 'static> Number for T {}

/// What one sample is: its dimensions, and the type of its numbers.
///
/// A sample is a description, never a value; a [`Batch`](crate::data::Batch) holds the numbers.
pub trait Sample: 'static {
    /// Channels, height and width.
    const DIMS: [usize; 3];

    /// Numbers per sample: the product of [`DIMS`](Self::DIMS). A product of zero, or one beyond
    /// the address space, does not compile.
    const SIZE: usize = size(Self::DIMS);

    /// For samples made of ids: the smallest id that does not exist. Ids are checked against it
    /// where they enter a batch.
    const LIMIT: Option<u32> = None;

    /// An id that is let into a batch although it is above the limit.
    const EXEMPT: Option<u32> = None;

    /// What the numbers of a sample are where a network calculates in `T`.
    type Element<T: Number>: Number;

    /// What stands in a batch beyond the end of a sequence that is shorter than others.
    fn padding<T: Number>() -> Self::Element<T> {
        Default::default()
    }

    /// The numbers of samples, as what they are to a network.
    fn elements<T: Real>(elements: &[Self::Element<T>]) -> Elements<'_, T>;
}

/// A sample of `C` channels of `H` rows by `W` columns of real numbers, in this order with the
/// column fastest. `Grid<N>` is a flat vector of `N` numbers.
///
/// ```
/// use formwork::data::{Grid, Sample};
///
/// assert_eq!(Grid::<1, 28, 28>::SIZE, 784);
/// assert_eq!(Grid::<3>::DIMS, [3, 1, 1]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Grid<const C: usize, const H: usize = 1, const W: usize = 1>;

impl<const C: usize, const H: usize, const W: usize> Sample for Grid<C, H, W> {
    const DIMS: [usize; 3] = [C, H, W];
    type Element<T: Number> = T;

    fn elements<T: Real>(elements: &[T]) -> Elements<'_, T> {
        Elements::Numbers(elements)
    }
}

/// One token of a vocabulary of `V`, given by its id: a `u32` below `V`.
///
/// ```
/// use formwork::data::{Batch, Tokens};
///
/// let error = Batch::<Tokens<10_000>>::from_vec(vec![17, 10_000]).unwrap_err();
/// assert_eq!(error.to_string(), "sample 1 has the id 10000, expected an id below 10000");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Tokens<const V: usize>;

impl<const V: usize> Sample for Tokens<V> {
    const DIMS: [usize; 3] = [1, 1, 1];
    const LIMIT: Option<u32> = Some(limit(V));
    type Element<T: Number> = u32;

    fn elements<T: Real>(elements: &[u32]) -> Elements<'_, T> {
        Elements::Ids(elements)
    }
}

/// `COUNT` tokens of a vocabulary of `V`, in no order: each a `u32` below `V`.
///
/// ```
/// use formwork::data::{Bags, Batch};
///
/// let error = Batch::<Bags<100, 2>>::from_rows([[17, 3, 5]]).unwrap_err();
/// assert_eq!(error.to_string(), "sample 0 has 3 numbers, expected 2 for a sample of 2x1x1");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Bags<const V: usize, const COUNT: usize>;

impl<const V: usize, const COUNT: usize> Sample for Bags<V, COUNT> {
    const DIMS: [usize; 3] = [COUNT, 1, 1];
    const LIMIT: Option<u32> = Some(limit(V));
    type Element<T: Number> = u32;

    fn elements<T: Real>(elements: &[u32]) -> Elements<'_, T> {
        Elements::Ids(elements)
    }
}

/// The limit of ids below `n`, where ids are `u32`.
pub(crate) const fn limit(n: usize) -> u32 {
    assert!(n > 0, "a vocabulary or a set of classes is empty");
    assert!(n <= u32::MAX as usize, "ids are 32 bits wide");
    n as u32
}

/// The product of the dimensions, if that is a number of elements a program can address.
const fn size([channels, height, width]: [usize; 3]) -> usize {
    let plane = height.checked_mul(width);
    let size = match plane {
        Some(plane) => channels.checked_mul(plane),
        None => None,
    };
    match size {
        Some(0) => panic!("a dimension of a sample is zero"),
        Some(size) if size <= isize::MAX as usize / 8 => size,
        _ => panic!("a sample is larger than the address space"),
    }
}
