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
//! with stride `S`, padding `P` before (and `Q` after) and dilation `D`, which may differ down and
//! across; outside the image, `dy` is 0. With groups, `c`
//! and `f` run through one group's share. It is the gradient of a convolution by its input, and its
//! own gradient by its input is that convolution.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<Out, H', W'>` with
//! `H' = (H - 1) S + D (K - 1) + 1 + E - P - Q`, where `E` is `output_pad`, and `W'` alike; `W` is
//! `C x Out / groups x K x K`, row-major, as in a PyTorch `state_dict`.

use super::{Biases, ConvTape, Count, Filters, Height, Inputs, Share, Width, geometry, tape};
use crate::kernel::{Real, conv};
use crate::layer::{
    Backward, Forward, Init, Layer, Nonlinearity, NotGiven, Patches, Row, Value, as_mut_slice,
};
use crate::layers::window::{Optional, Slide};
use crate::shape::{Check, Dimension, Image, Shape};
use rand::Rng;
use typenum::{U0, U1, Unsigned};

crate::layer! {
    /// A transposed convolution to `Out` channels with filters of `Kernel x Kernel`:
    /// `ConvTranspose2d<16, 2, stride = 2>` doubles height and width.
    ///
    /// Keyed arguments: `stride` (1), `pad` (0), `dilation` (1), `groups` (1), `bias` (1; 0 for
    /// none) and `output_pad` (0), pixels more at the bottom and at the right, where a stride
    /// leaves several sizes. For what is not square `kernel_width`, `stride_width`, `pad_width`,
    /// `dilation_width` and `output_pad_width` go across, while those without the ending then go down;
    /// padding, by which the output is smaller, on one side is `pad_top`, `pad_bottom`, `pad_left` and
    /// `pad_right`.
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
        output_pad: OutputPad = U0,
        kernel_width: KernelWidth = NotGiven,
        stride_width: StrideWidth = NotGiven,
        pad_width: PadWidth = NotGiven,
        dilation_width: DilationWidth = NotGiven,
        output_pad_width: OutputPadWidth = NotGiven,
        pad_top: PadTop = NotGiven,
        pad_bottom: PadBottom = NotGiven,
        pad_left: PadLeft = NotGiven,
        pad_right: PadRight = NotGiven
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

impl<Out, K, S, P, D, G, B, E, Kw, Sw, Pw, Dw, Ew, Pt, Pb, Pl, Pr, V> Filters
    for ConvTranspose2d<Out, K, S, P, D, G, B, E, Kw, Sw, Pw, Dw, Ew, Pt, Pb, Pl, Pr, V>
where
    Out: Dimension,
    K: Dimension,
    S: Dimension,
    P: Dimension,
    D: Dimension,
    G: Dimension,
    B: Dimension,
    E: 'static,
    Kw: Optional,
    Sw: Optional,
    Pw: Optional,
    Dw: Optional,
    Ew: 'static,
    Pt: Optional,
    Pb: Optional,
    Pl: Optional,
    Pr: Optional,
    V: Value<Init> + 'static,
{
    type Count = Out;
    type Down = (K, S, (Pt::Or<P>, Pb::Or<P>), D, U0, U0);
    type Across = (Kw::Or<K>, Sw::Or<S>, (Pl::Or<Pw::Or<P>>, Pr::Or<Pw::Or<P>>), Dw::Or<D>, U0, U0);
    type Groups = G;
    type Bias = B;
    type Init = V;
    const TRANSPOSED: bool = true;
}

/// How filters slide over the output, down and across.
type Down<L> = <L as Filters>::Down;
type Across<L> = <L as Filters>::Across;

impl<In: Shape, Out, K, S, P, D, G, B, E, Kw, Sw, Pw, Dw, Ew, Pt, Pb, Pl, Pr, V> Layer<In>
    for ConvTranspose2d<Out, K, S, P, D, G, B, E, Kw, Sw, Pw, Dw, Ew, Pt, Pb, Pl, Pr, V>
where
    Self: Filters,
    E: Dimension,
    Ew: Optional,
{
    type Out = Image<
        Count<Self>,
        <Down<Self> as Slide>::Extent<In::Height, E>,
        <Across<Self> as Slide>::Extent<In::Width, Ew::Or<E>>,
    >;
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
        super::filters::<Self>("ConvTranspose2d")
            .and(spreads::<Down<Self>, E>())
            .and(spreads::<Across<Self>, Ew::Or<E>>())
            .and(leaves::<Down<Self>>(height))
            .and(leaves::<Across<Self>>(width))
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
        let seen = (Down::<Self>::STRIDE * Across::<Self>::STRIDE).max(1);
        let fan_in = (Share::<Self, In::Channels>::USIZE * taps / seen).max(1);
        let fans = (fan_in, Inputs::<Self, Self::Out>::USIZE);
        init.fill(as_mut_slice::<T, _>(&mut params.weight), In::DIMS[0], fans, follows, rng);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, x, mut y, mut cx, .. } = pass;
        let conv = const { &geometry::<Self, Self::Out, In>() };
        let pieces = cx.deal(x.ncols());
        let [packed, spread] = cx.scratch([conv.packed_adjoint(), pieces * conv.spread()]);
        conv.pack_adjoint(packed, super::weights::<Self, Self::Out, In, T>(&params.weight));
        conv::transposed(conv, y.as_mut_slice(), x.as_slice(), packed, &params.bias, spread);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, x, dy, dx, mut cx, .. } = pass;
        let conv = const { &geometry::<Self, Self::Out, In>() };
        let gradient = (&mut gradient.weight, &mut gradient.bias);
        let (gradient, packed, memory) =
            tape::backward(conv, x.ncols(), conv.packed(), gradient, &mut cx);
        let dx = dx.map(|dx| dx.data.into_slice_mut());
        if dx.is_some() {
            conv.pack(packed, super::weights::<Self, Self::Out, In, T>(&params.weight));
        }
        let given = (x.as_slice(), dy.as_slice());
        conv::transposed_backward(conv, gradient, dx, given, packed, memory);
    }
}

/// That the pixels of an axis can be spread, with `Extra` more at its end.
const fn spreads<S: Slide, Extra: Dimension>() -> Check {
    Check::require(S::Kernel::USIZE > 0, "a 0x0 filter covers nothing")
        .and(Check::require(S::STRIDE > 0, "a stride of 0 puts all pixels on one"))
        .and(Check::require(
            S::DILATION > 0,
            "a dilation of 0 puts all taps of the filter on one pixel; 1 is none",
        ))
        .and(
            Check::require(
                Extra::USIZE < S::STRIDE,
                "an output padding of {} must be less than the stride of {}",
            )
            .number(Extra::USIZE)
            .number(S::STRIDE),
        )
}

/// That padding leaves some of the output.
const fn leaves<S: Slide>(size: usize) -> Check {
    let [before, after] = S::PADS;
    let pad = if before > after { before } else { after };
    Check::require(size > 0, "padding of {} takes away the whole output").number(pad)
}
