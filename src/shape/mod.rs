//! Shapes: what one sample looks like, as a type.
//!
//! A [`Shape`] gives one column of a batch its size. Inside a network every activation is an
//! [`Image`]; a flat vector is an image of one pixel, [`Vector`]. What enters a language model is a
//! [`Token`], and several of them at once are a [`Bag`].

mod bag;
mod columns;
mod dim;
mod dimension;
mod integer;
mod token;
mod window;

pub use bag::Bag;
pub use columns::{Columns, ColumnsMut, Matrix, MatrixMut};
pub use dim::Dim;
pub use dimension::{Dimension, Equal, Greater, Less, Order};
pub use integer::{Digit, Integer, Push, digit};
pub use token::Token;
pub use window::{Extent, Or, Positions, Span, slides, takes_image};

use crate::kernel::Real;
use core::marker::PhantomData;
use typenum::U1;

/// What one sample, one column of a batch, consists of.
pub trait Shape: Copy + Send + Sync + 'static {
    /// Channels, height and width; of a token, the vocabulary and twice one. All zero means that
    /// the shape is unknown, because of a mistake which has been reported where it was made.
    const DIMS: [usize; 3];
    /// The number of elements of a column.
    const SIZE: usize = Self::DIMS[0].saturating_mul(Self::DIMS[1]).saturating_mul(Self::DIMS[2]);
    /// Channels, as a type.
    type Channels: Dimension;
    /// Height, as a type.
    type Height: Dimension;
    /// Width, as a type.
    type Width: Dimension;
    /// [`Shape::SIZE`] as a type.
    type Features: Dimension;
    /// The type of an element, in a network that computes in `T`.
    type Element<T: Real>: nalgebra::Scalar + Copy + Default + Send + Sync;

    /// The elements, by what they are.
    fn elements<T: Real>(elements: &[Self::Element<T>]) -> Elements<'_, T>;
    /// The same the other way round; `None` when the elements of this shape are not of that kind.
    fn from_elements<T: Real>(elements: Elements<'_, T>) -> Option<&[Self::Element<T>]>;
    /// Whether the elements are numbers rather than ids.
    const NUMERIC: bool;
}

/// What columns consist of.
#[derive(Clone, Copy, Debug)]
pub enum Elements<'a, T> {
    /// Numbers.
    Numbers(&'a [T]),
    /// Ids of tokens.
    Ids(&'a [u32]),
}

/// Feature maps: `Channels` maps of `Height x Width`.
///
/// A column holds them pixel by pixel, row after row, with the channels of a pixel side by side
/// (channels last). What enters and leaves a network through [`Batch`](crate::data::Batch) is in
/// the order channels, height, width.
#[derive(Clone, Copy, Debug, Default)]
pub struct Image<Channels, Height, Width>(PhantomData<(Channels, Height, Width)>);

/// A flat vector of `Size` features: an image of one pixel.
pub type Vector<Size> = Image<Size, U1, U1>;

impl<C: Dimension, H: Dimension, W: Dimension> Shape for Image<C, H, W> {
    const DIMS: [usize; 3] = [C::USIZE, H::USIZE, W::USIZE];
    type Channels = C;
    type Height = H;
    type Width = W;
    type Features = <C::Times<H> as Dimension>::Times<W>;
    type Element<T: Real> = T;

    const NUMERIC: bool = true;

    fn elements<T: Real>(elements: &[T]) -> Elements<'_, T> {
        Elements::Numbers(elements)
    }

    fn from_elements<T: Real>(elements: Elements<'_, T>) -> Option<&[T]> {
        match elements {
            Elements::Numbers(numbers) => Some(numbers),
            Elements::Ids(_) => None,
        }
    }
}
