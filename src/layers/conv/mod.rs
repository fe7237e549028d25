//! Convolutions, and what they share.
//!
//! A convolution leads from an image `Large` to an image `Small`, of a pixel for each position of its
//! filters. Its weight is a matrix with a row for each channel of `Small` and a column for each of
//! the pixels of a group's share of `Large` under a filter:
//!
//! ```text
//! forward   small = W patches(large) + b                  a column a position
//! backward  dW = d small patches(large)^T
//!           db = sum of d small over the positions
//!           d large = the sum, in each pixel, of what W^T d small says of it
//! ```
//!
//! A transposed convolution goes the other way: it is what is `d large` here. Kernels gather the
//! patches as they go.

mod causal;
mod conv1d;
mod conv2d;
mod tape;
mod transposed;

pub(crate) use causal::Run;
pub use causal::{
    CausalConv1d, CausalConvTranspose1d, CausalConvTranspose1dParams, CausalTape,
    CausalTransposeTape, History,
};
pub use conv1d::{Conv1d, Conv1dParams};
pub use conv2d::{Conv2d, ConvParams};
pub use tape::ConvTape;
pub use transposed::{ConvTranspose2d, ConvTransposeParams};

use super::switch::switch;
use super::window::{Slide, axis, slides};
use crate::kernel::Real;
use crate::kernel::conv::{self, Convolution};
use crate::layer::{
    AsMatrix, Context, Fusion, Init, Nonlinearity, PatchSize, Row, Value, as_mut_slice, as_slice,
};
use crate::shape::{Check, Columns, ColumnsMut, Dimension, Image, Shape};
use rand::Rng;
use typenum::Unsigned;

/// The arguments of a convolution, bundled.
pub trait Filters: 'static {
    /// How many filters there are; of a transposed convolution, how many channels it gives.
    type Count: Dimension;
    /// How they slide over rows.
    type Down: Slide;
    /// How they slide over columns.
    type Across: Slide;
    /// The groups that channels and filters are dealt to, which know nothing of each other.
    type Groups: Dimension;
    /// 1 for a bias, 0 for none.
    type Bias: Dimension;
    /// The initial weights that were asked for.
    type Init: Value<Init>;
    /// Whether each output is to be a sum of products of its inputs, whatever transforms would save.
    const DIRECT: bool = false;
    /// Whether it goes forward as a convolution goes backward.
    const TRANSPOSED: bool = false;
}

/// The number of filters.
type Count<L> = <L as Filters>::Count;

/// The taps of a filter, down and across.
type Height<L> = <<L as Filters>::Down as Slide>::Kernel;
type Width<L> = <<L as Filters>::Across as Slide>::Kernel;

/// Each group's share of so many channels.
type Share<L, Channels> = <Channels as Dimension>::Over<<L as Filters>::Groups>;

/// The inputs of each filter on an image `Large`: the columns of the weight.
type Inputs<L, Large> = PatchSize<Share<L, <Large as Shape>::Channels>, Height<L>, Width<L>>;

/// The number of biases.
type Biases<L> = <Count<L> as Dimension>::Times<<L as Filters>::Bias>;

/// What the filters make of an image `In`.
type Maps<L, In> = Image<
    Count<L>,
    <<L as Filters>::Down as Slide>::Positions<<In as Shape>::Height>,
    <<L as Filters>::Across as Slide>::Positions<<In as Shape>::Width>,
>;

/// Whatever the number of axes, the data is at hand for a rectifier before or after.
const FUSION: Fusion = Fusion { rectifies: true, masks: true, is_rectifier: false };

/// The convolution from an image `Large` to an image `Small`.
const fn geometry<L: Filters, Large: Shape, Small: Shape>() -> Convolution {
    let ([channels, height, width], [filters, _, _]) = (Large::DIMS, Small::DIMS);
    let (vertical, horizontal) = (axis::<L::Down>(height), axis::<L::Across>(width));
    let conv = Convolution::new(channels, filters, L::Groups::USIZE, vertical, horizontal);
    if L::DIRECT { conv.direct() } else { conv }
}

/// That there are filters, which slide over an image `In`.
const fn check<L: Filters, In: Shape>(layer: &'static str) -> Check {
    let [_, height, width] = In::DIMS;
    filters::<L>(layer)
        .and(slides::<L::Down, L::Across>("filter", [height, width]))
        .and(groups::<L, In>())
}

/// That there are filters, and that `bias` says yes or no.
const fn filters<L: Filters>(layer: &'static str) -> Check {
    Check::require(L::Count::USIZE > 0, "{} needs at least one filter").text(layer).and(switch(
        "bias",
        L::Bias::USIZE,
        ["a bias", "none"],
    ))
}

/// That the channels and filters can be dealt to the groups.
const fn groups<L: Filters, In: Shape>() -> Check {
    let (channels, filters, groups) = (In::DIMS[0], L::Count::USIZE, L::Groups::USIZE);
    let some = if groups > 0 { groups } else { 1 };
    Check::require(groups > 0, "it has 0 groups; 1 is none")
        .and(
            Check::require(
                channels.is_multiple_of(some),
                "{} groups do not divide its {} input channels",
            )
            .number(groups)
            .number(channels),
        )
        .and(
            Check::require(filters.is_multiple_of(some), "{} groups do not divide its {} filters")
                .number(groups)
                .number(filters),
        )
}

/// The initial weights of `L` after a shape `In`.
fn init<L: Filters, In: Shape, T: Real>(
    weight: &mut impl AsMatrix<T, L::Count, Inputs<L, In>>,
    follows: Nonlinearity,
    rng: &mut dyn Rng,
) {
    let outputs = Share::<L, L::Count>::USIZE * Height::<L>::USIZE * Width::<L>::USIZE;
    let fans = (Inputs::<L, In>::USIZE, outputs);
    let init = L::Init::VALUE.unwrap_or_default();
    init.fill(as_mut_slice(weight), L::Count::USIZE, fans, follows, rng);
}

/// The weights of the convolution from `Large` to `Small`, as kernels take them.
fn weights<L: Filters, Large: Shape, Small: Shape, T: Real>(
    weight: &impl AsMatrix<T, Small::Channels, Inputs<L, Large>>,
) -> &[T] {
    as_slice(weight)
}

/// The outputs of a convolution, in any number of axes.
fn forward<L: Filters, In: Shape, T: Real>(
    weight: &impl AsMatrix<T, L::Count, Inputs<L, In>>,
    bias: &Row<T, Biases<L>>,
    x: Columns<'_, T, In::Features>,
    mut y: ColumnsMut<'_, T, <Maps<L, In> as Shape>::Features>,
    mut cx: Context<'_, T>,
) {
    let conv = const { &geometry::<L, In, Maps<L, In>>() };
    let rectify = cx.fused.after;
    let pieces = cx.deal(x.ncols());
    let [packed, padded] = cx.scratch([conv.packed(), pieces * conv.padded()]);
    conv.pack(packed, weights::<L, In, Maps<L, In>, T>(weight));
    conv::forward(conv, y.as_mut_slice(), x.as_slice(), packed, bias, rectify, padded);
}

/// `x`, `dy` and `dx` of a backward pass.
type Pass<'a, T, In, Out> = (
    Columns<'a, T, <In as Shape>::Features>,
    ColumnsMut<'a, T, <Out as Shape>::Features>,
    Option<ColumnsMut<'a, T, <In as Shape>::Features>>,
);

/// The gradients of [`forward`].
fn backward<L: Filters, In: Shape, T: Real, W: AsMatrix<T, L::Count, Inputs<L, In>>>(
    weight: &W,
    gradient: (&mut W, &mut Row<T, Biases<L>>),
    (x, dy, dx): Pass<'_, T, In, Maps<L, In>>,
    mut cx: Context<'_, T>,
) {
    let conv = const { &geometry::<L, In, Maps<L, In>>() };
    let mask = cx.fused.before;
    let (gradient, packed, memory) =
        tape::backward(conv, x.ncols(), conv.packed_adjoint(), gradient, &mut cx);
    let dx = dx.map(|dx| dx.data.into_slice_mut());
    if dx.is_some() {
        conv.pack_adjoint(packed, weights::<L, In, Maps<L, In>, T>(weight));
    }
    conv::backward(conv, gradient, dx, (x.as_slice(), dy.as_slice()), packed, mask, memory);
}
