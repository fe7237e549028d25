//! A transposed convolution over images: it spreads pixels where a convolution gathers them.
//!
//! ```text
//! forward   y[f, m, n] = b[f] + sum over c, k, l of W[c, f, k, l] x[c, i, j]
//!                        where S i + D k - P = m and S j + D l - P = n
//! backward  dW[c, f, k, l] = sum over samples, i, j of x[c, i, j] dy[f, S i + D k - P, S j + D l - P]
//!           db[f] = sum over samples, m, n of dy[f, m, n]
//!           dx[c, i, j] = sum over f, k, l of W[c, f, k, l] dy[f, S i + D k - P, S j + D l - P]
//! ```
//!
//! with stride `S`, padding `P` and dilation `D`; outside the image, `dy` is 0. With groups, `c`
//! and `f` run through one group's share. It is the gradient of a convolution by its input, and its
//! own gradient by its input is that convolution.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<Out, H', W'>` with
//! `H' = (H - 1) S + D (K - 1) + 1 + E - 2 P`, where `E` is `output_pad`, and `W'` alike; `W` is
//! `C x Out / groups x K x K`, row-major, as in a PyTorch `state_dict`.

use super::{Biases, ConvTape, Count, Filters, Height, Inputs, Share, Width, geometry, tape};
use crate::kernel::{Real, conv};
use crate::layer::{
    Backward, Forward, Init, Layer, Nonlinearity, Patches, Row, Value, as_mut_slice,
};
use crate::layers::window::Slide;
use crate::shape::{Check, Dimension, Image, Shape};
use rand::Rng;
use typenum::{U0, U1, Unsigned};

crate::layer! {
    /// A transposed convolution to `Out` channels with filters of `Kernel x Kernel`:
    /// `ConvTranspose2d<16, 2, stride = 2>` doubles height and width.
    ///
    /// Keyed arguments: `stride` (1), `pad` (0), `dilation` (1), `groups` (1), `bias` (1; 0 for
    /// none) and `output_pad` (0), pixels more at the bottom and at the right, where a stride
    /// leaves several sizes.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Larger: Image<8, 7, 7> => Image<4, 14, 14> {
    ///         up: ConvTranspose2d<4, 2, stride = 2>,
    ///     }
    /// }
    /// assert_eq!(Larger::PARAMETERS, 8 * 4 * 2 * 2 + 4);
    /// ```
    pub struct ConvTranspose2d<
        Out, Kernel;
        stride: Stride = U1,
        pad: Pad = U0,
        dilation: Dilation = U1,
        groups: Groups = U1,
        bias: Bias = U1,
        output_pad: OutputPad = U0
    >(Init);
}

crate::params! {
    /// The parameters of [`ConvTranspose2d`].
    pub struct ConvTransposeParams<Channels, Filters, Height, Width, Biases> {
        /// `channels x filters of a group x height x width`.
        pub weight: Patches<T, Channels, Filters, Height, Width>,
        /// A bias for each output channel, or nothing.
        pub bias: Row<T, Biases>,
    }
}

impl<Out, K, S, P, D, G, B, E, V> Filters for ConvTranspose2d<Out, K, S, P, D, G, B, E, V>
where
    Out: Dimension,
    K: Dimension,
    S: Dimension,
    P: Dimension,
    D: Dimension,
    G: Dimension,
    B: Dimension,
    E: 'static,
    V: Value<Init> + 'static,
{
    type Count = Out;
    type Down = (K, S, P, D);
    type Across = (K, S, P, D);
    type Groups = G;
    type Bias = B;
    type Init = V;
    const TRANSPOSED: bool = true;
}

/// How filters slide over the output, on both axes.
type Down<L> = <L as Filters>::Down;

/// The size of the output on an axis.
type Extent<L, Size, Extra> = <Down<L> as Slide>::Extent<Size, Extra>;

impl<In: Shape, Out, K, S, P, D, G, B, E: Dimension, V> Layer<In>
    for ConvTranspose2d<Out, K, S, P, D, G, B, E, V>
where
    Self: Filters,
{
    type Out = Image<Count<Self>, Extent<Self, In::Height, E>, Extent<Self, In::Width, E>>;
    crate::keeps! {
        params: ConvTransposeParams<
            In::Channels,
            Share<Self, Count<Self>>,
            Height<Self>,
            Width<Self>,
            Biases<Self>,
            T
        >,
        tape: ConvTape<Self, Self::Out, In>
    }

    const CHECK: Check = {
        let [_, height, width] = <Self::Out as Shape>::DIMS;
        let (stride, pad) = (Down::<Self>::STRIDE, Down::<Self>::PAD);
        super::filters::<Self>("ConvTranspose2d")
            .and(Check::require(Height::<Self>::USIZE > 0, "a 0x0 filter covers nothing"))
            .and(Check::require(stride > 0, "a stride of 0 puts all pixels on one"))
            .and(Check::require(
                Down::<Self>::DILATION > 0,
                "a dilation of 0 puts all taps of the filter on one pixel; 1 is none",
            ))
            .and(
                Check::require(
                    E::USIZE < stride,
                    "an output padding of {} must be less than the stride of {}",
                )
                .number(E::USIZE)
                .number(stride),
            )
            .and(
                Check::require(
                    height > 0 && width > 0,
                    "padding of {} takes away the whole output",
                )
                .number(pad),
            )
            .and(super::groups::<Self, In>())
    };
    const OPERATIONS: usize = geometry::<Self, Self::Out, In>().operations();

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        let init = <Self as Filters>::Init::VALUE.unwrap_or_default();
        let taps = Height::<Self>::USIZE * Width::<Self>::USIZE;
        // The stride leaves each output that part of the taps.
        let seen = Down::<Self>::STRIDE.pow(2).max(1);
        let fan_in = (Share::<Self, In::Channels>::USIZE * taps / seen).max(1);
        let fans = (fan_in, Inputs::<Self, Self::Out>::USIZE);
        init.fill(as_mut_slice::<T, _>(&mut params.weight), In::DIMS[0], fans, follows, rng);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, x, mut y, mut cx, .. } = pass;
        let conv = const { &geometry::<Self, Self::Out, In>() };
        let [packed, spread] =
            cx.scratch([conv.packed_adjoint(), tape::pieces(x.ncols()) * conv.spread()]);
        conv.pack_adjoint(packed, super::weights::<Self, Self::Out, In, T>(&params.weight));
        conv::transposed(conv, y.as_mut_slice(), x.as_slice(), packed, &params.bias, spread);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, x, dy, dx, mut cx, .. } = pass;
        let conv = const { &geometry::<Self, Self::Out, In>() };
        let gradient = (&mut gradient.weight, &mut gradient.bias);
        let (gradient, packed, memory) =
            tape::backward(conv, x.ncols(), [conv.packed(), 0], gradient, &mut cx);
        let dx = dx.map(|dx| dx.data.into_slice_mut());
        if dx.is_some() {
            conv.pack(packed, super::weights::<Self, Self::Out, In, T>(&params.weight));
        }
        let given = (x.as_slice(), dy.as_slice());
        conv::transposed_backward(conv, gradient, dx, given, packed, memory);
    }
}
