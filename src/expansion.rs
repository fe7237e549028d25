//! What the code that `network!` writes refers to. It is public for that code only, and has no
//! promise of stability.

pub use crate::__slot as slot;
pub use crate::arguments::{
    Arguments, BRACES_SLOT, IGNORED, NoValue, Set, Syntax, TIE_SLOT, Takes, TakesNothing,
    VALUE_SLOT, Value, complete, key, known, position, takes,
};
pub use crate::check::Check;
pub use crate::kernel::Real;
pub use crate::layer::{Backward, Context, Layer, Nonlinearity, SharesWeight, State};
pub use crate::memory::{
    Arena, Memory, Needs, Owned, Plan, Tape, backward, forward, learns_before,
};
pub use crate::network::{LayerInfo, Network, Outputs, declared, gives, output, tied, verify};
pub use crate::network::{accepts, dimension, shape};
pub use crate::plain::{Plain, TensorVisitor, as_mut_slice};
pub use crate::shape::{Columns, ColumnsMut, Dimension, Shape};
pub use crate::{
    __grid as grid, __image as image, __integer as integer, __outputs as outputs,
    __tokens as tokens,
};
pub use rand::Rng;

/// The number of scalars in a run of them.
pub const fn len<P: Plain<T>, T: Real>() -> usize {
    P::LEN
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

/// What one sample of a shape is to the user, in plain numbers.
#[doc(hidden)]
#[macro_export]
macro_rules! __grid {
    ($shape:ty) => {
        $crate::data::Grid<
            { <$shape as $crate::shape::Shape>::DIMS[0] },
            { <$shape as $crate::shape::Shape>::DIMS[1] },
            { <$shape as $crate::shape::Shape>::DIMS[2] },
        >
    };
}

/// What one token of a shape is to the user, in plain numbers.
#[doc(hidden)]
#[macro_export]
macro_rules! __tokens {
    ($shape:ty) => {
        $crate::data::Tokens<{ <$shape as $crate::shape::Shape>::DIMS[0] }>
    };
}

/// The number of outputs of a network that gives a shape.
#[doc(hidden)]
#[macro_export]
macro_rules! __outputs {
    ($shape:ty) => {
        $crate::network::Outputs<{ <$shape as $crate::shape::Shape>::SIZE }>
    };
}

/// Where a layer takes what follows its name: the slot, or `IGNORED`.
#[doc(hidden)]
#[macro_export]
macro_rules! __slot {
    ($what:ident of $layer:ty) => {{
        use $crate::arguments::TakesNothing as _;
        $crate::arguments::Takes::<$layer>::$what
    }};
}
