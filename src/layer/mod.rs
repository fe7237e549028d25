//! What a layer is.

mod arguments;
mod context;
mod entered;
mod fusion;
mod info;
mod init;
mod lanes;
mod nonlinearity;
mod params;
mod pass;
mod scratch;
mod share;
mod state;
mod steps;
mod tape;
mod tensors;

pub use arguments::{
    AROUND_SLOT, Arguments, BRACES_SLOT, Detour, IGNORED, Inside, LIST_SLOT, NoValue, NotGiven,
    Set, Syntax, TIE_SLOT, TakesList, Tie, VALUE_SLOT, Value, Wrap,
};
pub use context::{Context, FEW_LANES, Mode, Watch};
pub use entered::Entered;
pub use fusion::{Fused, Fusion};
pub use info::LayerInfo;
pub use init::Init;
pub use lanes::Lanes;
pub use nonlinearity::Nonlinearity;
pub use params::{
    AsMatrix, AsVector, Map, Pair, PatchSize, Patches, Plain, Row, Rows, Taps, Turned, TurnedMut,
    as_mut_slice, as_slice, from_slice, rows, rows_mut, zeroed,
};
pub use pass::{Backward, Features, Forward};
pub use scratch::{Scalars, Scratch};
pub use share::{SharesWeight, TakesWeight};
pub use state::State;
pub use steps::{Steps, UNLIMITED};
pub use tape::{Memory, Tape};
pub use tensors::{EachTensor, TensorInfo, TensorVisitor, tensors};

use crate::kernel::Real;
use crate::kernel::time::Function;
use crate::shape::{Check, Shape};
use rand::Rng;

/// A layer that can follow a shape `In`.
///
/// The implementing type describes the layer and holds nothing: `Conv2d<16, 3>` is zero-sized. Its
/// parameters, its statistics, its state and what it keeps for the backward pass are values of
/// types of their own, held by others and handed in. [`keeps!`](crate::keeps) names those of them
/// that a layer has.
///
/// All functions see samples as columns. The number of columns is free, and the same function
/// serves training and inference; [`Context::mode`] tells which.
pub trait Layer<In: Shape>: Sized + 'static {
    /// The shape that comes out.
    type Out: Shape;
    /// What is trained: a plain run of floats (`()` for none).
    type Params<T: Real>: Plain<T>;
    /// What is not trained but belongs to the model, such as running means (`()` for none).
    type Stats<T: Real>: Plain<T>;
    /// What is carried from one call to the next, such as a hidden state (`()` for none).
    type State<T: Real>: State<T>;
    /// What forward leaves for backward, and any working memory (`()` for none).
    type Tape<T: Real>: Tape;

    /// Whether the arguments are sound and fit the shape that comes in.
    const CHECK: Check = Check::OK;
    /// Whether the layer takes ids of tokens. One that does not is never given any: that does not
    /// compile.
    const TAKES_IDS: bool = false;
    /// Floating-point operations of a forward pass, for one column.
    const OPERATIONS: usize = 0;
    /// Whether the layer works in place: on entry of forward `y` holds the input and `x` has no
    /// columns; on entry of backward `dy` is turned into the gradient by the input, and `dx` is
    /// `None`. Such a layer must keep shape, and its backward cannot see `x`.
    const IN_PLACE: bool = false;
    /// Whether backward reads `y`, so that the next layer must not work in place on it.
    const NEEDS_OUTPUT: bool = false;
    /// What the layer does to what it is given, by which a layer before chooses the scale of its
    /// initial weights.
    const NONLINEARITY: Nonlinearity = Nonlinearity::Linear;
    /// What the layer can do for a rectifier beside it; see [`Context::fused`].
    const FUSION: Fusion = Fusion::NONE;

    /// The function of each element that the layer is, if it is one that others can do on the way.
    const FUNCTION: Option<Function> = None;

    /// What the layer does to the steps of a sequence, by which layers around it are checked.
    const STEPS: Steps = Steps::KEPT;

    /// How many steps before its own an output depends on: [`UNLIMITED`] for a recurrent layer. Where
    /// several steps go in at a time, its own is the last of them.
    const LOOKS_BACK: usize = 0;

    /// Whether, in training, what comes out for one sequence depends on the others in the batch, as it
    /// does for batch normalisation. In inference it never does.
    const MIXES_LANES: bool = false;

    /// The layers inside, for summaries.
    const LAYERS: &'static [LayerInfo] = &[];

    /// Sets the initial parameters and statistics, which are all zero on entry.
    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        let _ = (params, stats, follows, rng);
    }

    /// Computes `y` from `x`.
    fn forward<T: Real>(pass: Forward<'_, Self, In, T>);

    /// Computes the gradients by the input and by the parameters from that by the output.
    fn backward<T: Real>(pass: Backward<'_, Self, In, T>);

    /// Brings the statistics up to date with the last forward pass in training.
    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        let _ = (stats, tape);
    }
}

/// Says, in an implementation of [`Layer`], what it has of parameters, statistics, state and tape,
/// in this order, each as a type in the scalar `T`; what is not named it does not have.
///
/// ```text
/// formwork::keeps! { params: Scales<In::Features, T>, tape: Entered<In, T> }
/// ```
#[macro_export]
macro_rules! keeps {
    ($(params: $params:ty)? $(, stats: $stats:ty)? $(, state: $state:ty)? $(, tape: $tape:ty)? $(,)?) => {
        type Params<T: $crate::kernel::Real> = $crate::keeps!(@ $($params)?);
        type Stats<T: $crate::kernel::Real> = $crate::keeps!(@ $($stats)?);
        type State<T: $crate::kernel::Real> = $crate::keeps!(@ $($state)?);
        type Tape<T: $crate::kernel::Real> = $crate::keeps!(@ $($tape)?);
    };
    (stats: $stats:ty $(, $($rest:tt)*)?) => { $crate::keeps! { params: (), stats: $stats $(, $($rest)*)? } };
    (state: $state:ty $(, $($rest:tt)*)?) => { $crate::keeps! { params: (), state: $state $(, $($rest)*)? } };
    (tape: $tape:ty $(,)?) => { $crate::keeps! { params: (), tape: $tape } };
    (@) => { () };
    (@ $ty:ty) => { $ty };
}

/// What a file that defines a layer needs: `use formwork::layer::prelude::*`.
pub mod prelude {
    pub use super::{
        AsMatrix, AsVector, Backward, Context, Entered, Forward, Layer, Memory, Mode, Nonlinearity,
        Row, Rows, State, Tape, Value,
    };
    pub use crate::kernel::{Buffer, Real};
    pub use crate::shape::{
        Check, Columns, ColumnsMut, Dimension, Image, Reborrow, Shape, Transpose, Vector, add_sum,
        columns, columns_mut, product, reshape, reshape_mut,
    };
    pub use rand::Rng;
}
