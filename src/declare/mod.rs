//! What the code that `network!` writes stands on. It is public for that code only, and has no
//! promise of stability.
//!
//! A declaration's arguments go to their places by `arguments`, every layer is held against the
//! shape before it by `verify`; the matrices of a pass are placed by a `Plan` in an `Arena`, and
//! `run` gives each layer its turn.

mod arena;
mod arguments;
mod plan;
mod run;
mod verify;

pub use crate::kernel::Real;
pub use crate::kernel::time::Function;
pub use crate::layer::*;
pub use crate::net::Network;
pub use crate::shape::{
    Bag, Bags, Check, Dimension, Grid, Image, Shape, Token, Tokens, Vector, columns, reshape,
    reshape_mut,
};
pub use crate::{
    __dimension as dimension_of, __family as family, __image as image, __integer as integer,
    __layer as layer, __outputs as outputs, __slot as slot, __weight as weight,
};
pub use arena::{Arena, Matrices, learns_before};
pub use arguments::{
    Expects, Follow, Given, InParentheses, Keeps, Takes, TakesNothing, Unknown, goes_around, key,
    known, list, position, takes_value, value,
};
pub use plan::{Needs, Plan, Plans};
pub use rand::Rng;
pub use run::{backward, forward};
pub use typenum;
pub use verify::{
    NoWeight, Weight, accepts, check, check_inside, declared, dimension, gives, is_layer, output,
    same_shape, shape, steps, takes_numbers, tie, verify,
};

use core::marker::PhantomData;
use typenum::U0;

/// The number of scalars in a run of them.
pub const fn len<P: Plain<T>, T: Real>() -> usize {
    P::LEN
}

/// The function that a stack of one layer is.
pub const fn alone<const LAYERS: usize>(functions: [Option<Function>; LAYERS]) -> Option<Function> {
    if LAYERS == 1 { functions[0] } else { None }
}

/// Stands in for what is no layer after a shape, so that this is said once, by its check unless it
/// is `REPORTED` already, and the rest of the network compiles.
#[derive(Clone, Copy, Debug)]
pub struct Mistake<const REPORTED: bool>;

impl<const REPORTED: bool> Arguments for Mistake<REPORTED> {
    const SYNTAX: Syntax = Syntax { layer: "", positional: &[], keyed: &[] };
    type Value = NoValue;
}

impl<const REPORTED: bool, In: Shape> Layer<In> for Mistake<REPORTED> {
    type Out = Image<U0, U0, U0>;
    crate::keeps! {}

    const CHECK: Check = Check::require(
        REPORTED,
        "this is no layer that can follow `{}`: `Layer` is not implemented for it",
    )
    .shape::<In>();
    const TAKES_IDS: bool = !In::NUMERIC;

    fn forward<T: Real>(_: Forward<'_, Self, In, T>) {
        unreachable!("the check does not let this compile")
    }

    fn backward<T: Real>(_: Backward<'_, Self, In, T>) {
        unreachable!("the check does not let this compile")
    }
}

/// A layer in its place, in a network that is generic in its dimensions.
pub trait Place {
    /// The shape that comes in.
    type In: Shape;
    /// The layer.
    type Layer;
    /// The shape that comes out.
    type Out: Shape;
}

/// Whether `L` is a layer that can follow `In`: the constant here is found first, but only where
/// the bound holds.
pub struct Follows<L, In>(PhantomData<(L, In)>);

/// See [`Follows`].
pub trait FollowsNot {
    /// It is not.
    const HOLDS: bool = false;
}

impl<L, In> FollowsNot for Follows<L, In> {}

impl<L: Layer<In>, In: Shape> Follows<L, In> {
    /// It is.
    pub const HOLDS: bool = true;
}

/// The type asked for if `HOLDS`, else one that stands in for it.
pub struct Choice<const HOLDS: bool>;

/// See [`Choice`].
pub trait Choose<L> {
    /// `L`, or a mistake that is to be reported.
    type Layer;
    /// `L`, or a mistake that has been.
    type Sound;
}

impl<L> Choose<L> for Choice<true> {
    type Layer = L;
    type Sound = L;
}

impl<L> Choose<L> for Choice<false> {
    type Layer = Mistake<false>;
    type Sound = Mistake<true>;
}

/// The shape that goes into the stacks of the layer `L` after `In`: see [`Inside`].
pub trait Within<L, In> {
    /// The shape.
    type Shape: Shape;
}

impl<L: Inside<In>, In: Shape> Within<L, In> for Choice<true> {
    type Shape = L::Shape;
}

impl<L, In: Shape> Within<L, In> for Choice<false> {
    type Shape = In;
}

/// See [`Choice`].
pub trait ChooseDimension<D> {
    /// The dimension.
    type Dimension: Dimension;
}

impl<D: Dimension> ChooseDimension<D> for Choice<true> {
    type Dimension = D;
}

impl<D> ChooseDimension<D> for Choice<false> {
    type Dimension = U0;
}

/// A layer after a shape, or [`Mistake`] if it is none.
#[doc(hidden)]
#[macro_export]
macro_rules! __layer {
    ($layer:ty, after $input:ty) => {
        <$crate::declare::Choice<
            {
                use $crate::declare::FollowsNot as _;
                $crate::declare::Follows::<$layer, $input>::HOLDS
            },
        > as $crate::declare::Choose<$layer>>::Layer
    };
}

/// A layer as the user names it, or [`Mistake`] if it is none.
#[doc(hidden)]
#[macro_export]
macro_rules! __family {
    ($layer:ty) => {
        <$crate::declare::Choice<{ $crate::__slot!(IS_LAYER of $layer) }>
            as $crate::declare::Choose<$layer>>::Layer
    };
}

/// A type that the user names as a dimension, or a stand-in if it is none.
#[doc(hidden)]
#[macro_export]
macro_rules! __dimension {
    ($ty:ty) => {
        <$crate::declare::Choice<{ $crate::__slot!(IS_DIMENSION of $ty) }>
            as $crate::declare::ChooseDimension<$ty>>::Dimension
    };
}

/// The typenum integer of a constant of type `usize`.
#[doc(hidden)]
#[macro_export]
macro_rules! __integer {
    ($n:expr) => {
        $crate::shape::Integer<
            { $crate::shape::digit($n, 7) }, { $crate::shape::digit($n, 6) },
            { $crate::shape::digit($n, 5) }, { $crate::shape::digit($n, 4) },
            { $crate::shape::digit($n, 3) }, { $crate::shape::digit($n, 2) },
            { $crate::shape::digit($n, 1) }, { $crate::shape::digit($n, 0) },
        >
    };
}

/// The image of constant dimensions.
#[doc(hidden)]
#[macro_export]
macro_rules! __image {
    ($dims:expr) => {
        $crate::shape::Image<
            $crate::__integer!($dims[0]), $crate::__integer!($dims[1]), $crate::__integer!($dims[2]),
        >
    };
}

/// The number of outputs of a network that gives a shape.
#[doc(hidden)]
#[macro_export]
macro_rules! __outputs {
    ($shape:ty) => {
        $crate::nalgebra::Const<{ <$shape as $crate::shape::Shape>::SIZE }>
    };
}

/// Where a layer takes what follows its name: the slot, or `IGNORED`.
#[doc(hidden)]
#[macro_export]
macro_rules! __slot {
    ($what:ident of $layer:ty) => {{
        use $crate::declare::TakesNothing as _;
        $crate::declare::Takes::<$layer>::$what
    }};
}

/// Rows and columns of the weight that a layer needs or has, if it does.
#[doc(hidden)]
#[macro_export]
macro_rules! __weight {
    ($what:ident of $layer:ty, $input:ty) => {{
        use $crate::declare::NoWeight as _;
        $crate::declare::Weight::<$layer, $input>::$what
    }};
}
