//! Shapes: what one sample looks like, as a type.
//!
//! A [`Shape`] gives one column of a batch its size. Inside a network every activation is an
//! [`Image`]; a flat vector is an image of one pixel, [`Vector`]. What enters a language model is a
//! [`Token`], and several of them at once are a [`Bag`].

mod bag;
mod check;
mod dim;
mod dimension;
pub mod features;
mod integer;
mod matrix;
mod order;
mod product;
mod sample;
mod token;

pub use bag::Bag;
pub use check::Check;
pub use dim::Dim;
pub(crate) use dimension::IfLess;
pub use dimension::{Dimension, Equal, Greater, Less, Order};
pub use integer::{Digit, Integer, Push, digit};
pub use matrix::{
    AsColumns, Column, Columns, ColumnsMut, Reborrow, Transpose, Transposed, columns, columns_mut,
    pixels, pixels_mut, reshape, reshape_mut, slice,
};
pub use order::{differs, to_channels_first, to_channels_last};
pub use product::{Extent, Operand, Product, Target, add_sum, add_sum_from, product};
pub(crate) use sample::limit;
pub use sample::{Bags, Grid, Number, Sample, Tokens};
pub use token::Token;

use crate::kernel::Real;
use core::marker::PhantomData;
use core::ops::Range;
use typenum::{U0, U1};

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
    /// Whether the elements are numbers rather than ids.
    const NUMERIC: bool;
}

/// [`Shape::DIMS`], by way of the types: of a shape that the compiler could not make, since a name in
/// it is unknown, this is an error that it has reported, and no second one.
pub(crate) const fn dims<S: Shape>() -> [usize; 3] {
    [
        <S::Channels as typenum::Unsigned>::USIZE,
        <S::Height as typenum::Unsigned>::USIZE,
        <S::Width as typenum::Unsigned>::USIZE,
    ]
}

/// What columns consist of.
#[derive(Clone, Copy, Debug)]
pub enum Elements<'a, T> {
    /// Numbers.
    Numbers(&'a [T]),
    /// Ids of tokens.
    Ids(&'a [u32]),
}

impl<T> Elements<'_, T> {
    /// Some of them.
    pub(crate) fn slice(&self, range: Range<usize>) -> Elements<'_, T> {
        match self {
            Self::Numbers(numbers) => Elements::Numbers(&numbers[range]),
            Self::Ids(ids) => Elements::Ids(&ids[range]),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Ids(ids) => ids.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Feature maps: `Channels` maps of `Height x Width`.
///
/// A column holds them pixel by pixel, row after row, with the channels of a pixel side by side
/// (channels last). What enters and leaves a network through [`Batch`](crate::data::Batch) is in
/// the order channels, height, width.
#[derive(Clone, Copy, Debug, Default)]
pub struct Image<Channels = U0, Height = U0, Width = U0>(PhantomData<(Channels, Height, Width)>);

/// A flat vector of `Size` features: an image of one pixel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Vector<Size = U0>(PhantomData<Size>);

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
}

/// As `Image<Size, 1, 1>`, of which the compiler could not tell, for any `Size`, that it has `Size`
/// features.
impl<Size: Dimension> Shape for Vector<Size> {
    const DIMS: [usize; 3] = [Size::USIZE, 1, 1];
    type Channels = Size;
    type Height = U1;
    type Width = U1;
    type Features = Size;
    type Element<T: Real> = T;

    const NUMERIC: bool = true;

    fn elements<T: Real>(elements: &[T]) -> Elements<'_, T> {
        Elements::Numbers(elements)
    }
}
