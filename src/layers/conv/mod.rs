//! Convolutions, and what they share.

mod conv1d;
mod conv2d;
mod tape;
mod transposed;

pub use conv1d::{Conv1d, Conv1dParams};
pub use conv2d::Conv2d;
pub use tape::{ConvTape, Geometry};
pub use transposed::{ConvTranspose2d, ConvTransposeParams};

use crate::check::Check;
use crate::kernel::Real;
use crate::kernel::conv::{self, Convolution};
use crate::layer::{Backward, Context, Fusion};
use crate::plain::{self, Patches, Plain, Row};
use crate::shape::{Columns, ColumnsMut, Dimension, Shape};

crate::params! {
    /// The parameters of [`Conv2d`].
    pub struct ConvParams<Filters, Channels, Height, Width, Biases> {
        /// `filters x channels of a group x height x width`.
        pub weight: Patches<T, Filters, Channels, Height, Width>,
        /// A bias for each filter, or nothing.
        pub bias: Row<T, Biases>,
    }
}

/// Whatever the number of axes, the data is at hand for a rectifier before or after.
const FUSION: Fusion = Fusion { rectifies: true, masks: true, is_rectifier: false };

/// The outputs of a convolution, in any number of axes.
fn forward<In: Shape, Out: Shape, W: Plain<T>, B: Dimension, T: Real>(
    conv: &Convolution,
    weight: &W,
    bias: &Row<T, B>,
    x: Columns<'_, In, T>,
    mut y: ColumnsMut<'_, Out, T>,
    cx: &mut Context<'_, T>,
) {
    let rectify = cx.fused.after;
    let [packed, padded] = cx.scratch([conv.packed(), tape::pieces(x.count()) * conv.padded()]);
    conv.pack(packed, plain::as_slice(weight));
    let bias = plain::as_slice::<T, _>(bias);
    let (x, y) = (x.numbers(), y.as_mut_slice());
    conv::forward(conv, y, x, packed, bias, rectify, padded);
}

/// The gradients of [`forward`].
fn backward<In: Shape, Out: Shape, W: Plain<T>, B: Dimension, T: Real>(
    conv: &Convolution,
    weight: &W,
    gradient: (&mut W, &mut Row<T, B>),
    pass: Backward<'_, In, Out, T>,
    cx: &mut Context<'_, T>,
) {
    let (dx, mask) = (pass.dx.map(ColumnsMut::into_slice), cx.fused.before);
    let lengths = [conv.packed_adjoint(), conv.spread()];
    let (gradient, packed, memory) = tape::backward(conv, pass.x.count(), lengths, gradient, cx);
    if dx.is_some() {
        conv.pack_adjoint(packed, plain::as_slice(weight));
    }
    let given = (pass.x.numbers(), pass.dy.as_slice());
    conv::backward(conv, gradient, dx, given, packed, mask, memory);
}

/// That the channels and filters can be dealt to the groups.
const fn groups(channels: usize, filters: usize, groups: usize) -> Check {
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

/// That there are filters, and that `bias` says yes or no.
const fn filters(layer: &'static str, filters: usize, bias: usize) -> Check {
    Check::require(filters > 0, "{} needs at least one filter").text(layer).and(
        Check::require(bias <= 1, "`bias` is 1 for a bias or 0 for none, but is {}").number(bias),
    )
}
