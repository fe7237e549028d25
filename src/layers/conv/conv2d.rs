//! A convolution over images (more exactly, a correlation: filters are not turned around).
//!
//! ```text
//! forward   y[f, i, j] = b[f] + sum over c, k, l of W[f, c, k, l] x[c, S i + D k - P, S j + D l - P]
//! backward  dW[f, c, k, l] = sum over samples, i, j of dy[f, i, j] x[c, S i + D k - P, S j + D l - P]
//!           db[f] = sum over samples, i, j of dy[f, i, j]
//!           dx[c, m, n] = sum over f, k, l of W[f, c, k, l] dy[f, i, j]
//!                         where S i + D k - P = m and S j + D l - P = n
//! ```
//!
//! with stride `S`, padding `P` before (and `Q` after) and dilation `D`, which may differ down and
//! across; outside the image, `x` is 0. With groups, `c` and `f` run through one group's share.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<Out, H', W'>` with
//! `H' = (H + P + Q - (D (K - 1) + 1)) / S + 1`, rounded down, and `W'` alike; `W` is
//! `Out x C / groups x K x K`, row-major, as in a PyTorch `state_dict`.

use super::{Biases, ConvTape, Count, Filters, Height, Maps, Share, Width, geometry};
use crate::kernel::Real;
use crate::layer::{
    Backward, Forward, Fusion, Init, Layer, Nonlinearity, NotGiven, Patches, Row, Value,
};
use crate::layers::switch::switch;
use crate::layers::window::{Optional, takes_image};
use crate::shape::{Check, Dimension, Shape};
use rand::Rng;
use typenum::{U0, U1, Unsigned};

crate::layer! {
    /// A convolution with `Out` filters of `Kernel x Kernel`: `Conv2d<16, 3, pad = 1>`.
    ///
    /// Keyed arguments: `stride` (1), `pad` (0), `dilation` (1), `groups` (1; as many as channels
    /// for a depthwise convolution) and `bias` (1; 0 for none). For what is not square
    /// `kernel_width`, `stride_width`, `pad_width` and `dilation_width` go across, while those without
    /// the ending then go down; for padding on one side there are `pad_top`, `pad_bottom`, `pad_left`
    /// and `pad_right`. With `same = 1` (0) the padding is such that each stride gives a pixel, an odd
    /// one at the bottom and at the right.
    ///
    /// Filters of 3 x 3 between 16 channels or more (multiples of 16, with a stride and a dilation of 1
    /// and even sizes) are computed with less than half of the multiplications (Lavin and Gray, 2016), no
    /// less precisely; with `direct = 1` (0) each output is a sum of products of its inputs instead, so that
    /// one that is not finite makes no others so.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Edges: Image<1, 28, 28> => Image<8, 14, 14> {
    ///         conv1: Conv2d<4, 5, pad = 2>,
    ///         Relu,
    ///         conv2: Conv2d<8, 3, stride = 2, pad = 1, groups = 2>,
    ///     }
    /// }
    /// assert_eq!(Edges::PARAMETERS, (4 * 25 + 4) + (8 * 4 / 2 * 9 + 8));
    /// ```
    pub struct Conv2d<
        Out, Kernel;
        stride: Stride = U1,
        pad: Pad = U0,
        dilation: Dilation = U1,
        groups: Groups = U1,
        bias: Bias = U1,
        kernel_width: KernelWidth = NotGiven,
        pad_width: PadWidth = NotGiven,
        stride_width: StrideWidth = NotGiven,
        dilation_width: DilationWidth = NotGiven,
        pad_top: PadTop = NotGiven,
        pad_bottom: PadBottom = NotGiven,
        pad_left: PadLeft = NotGiven,
        pad_right: PadRight = NotGiven,
        same: Same = U0,
        direct: Direct = U0
    >(Init);
}

crate::params! {
    /// The parameters of [`Conv2d`].
    pub struct ConvParams<Filters, Channels, Height, Width, Biases> {
        /// `filters x channels of a group x height x width`.
        pub weight: Patches<T, Filters, Channels, Height, Width>,
        /// A bias for each filter, or nothing.
        pub bias: Row<T, Biases>,
    }
}

impl<Out, K, S, P, D, G, B, Kw, Pw, Sw, Dw, Pt, Pb, Pl, Pr, Same, Dr, V> Filters
    for Conv2d<Out, K, S, P, D, G, B, Kw, Pw, Sw, Dw, Pt, Pb, Pl, Pr, Same, Dr, V>
where
    Out: Dimension,
    K: Dimension,
    S: Dimension,
    P: Dimension,
    D: Dimension,
    G: Dimension,
    B: Dimension,
    Kw: Optional,
    Pw: Optional,
    Sw: Optional,
    Dw: Optional,
    Pt: Optional,
    Pb: Optional,
    Pl: Optional,
    Pr: Optional,
    Same: Dimension,
    Dr: Dimension,
    V: Value<Init> + 'static,
{
    type Count = Out;
    type Down = (K, S, (Pt::Or<P>, Pb::Or<P>), D, Same, U0);
    type Across =
        (Kw::Or<K>, Sw::Or<S>, (Pl::Or<Pw::Or<P>>, Pr::Or<Pw::Or<P>>), Dw::Or<D>, Same, U0);
    type Groups = G;
    type Bias = B;
    type Init = V;
    const DIRECT: bool = Dr::USIZE == 1;
}

impl<In: Shape, Out, K, S, P, D, G, B, Kw, Pw, Sw, Dw, Pt, Pb, Pl, Pr, Same, Dr, V> Layer<In>
    for Conv2d<Out, K, S, P, D, G, B, Kw, Pw, Sw, Dw, Pt, Pb, Pl, Pr, Same, Dr, V>
where
    Dr: Dimension,
    Self: Filters,
{
    type Out = Maps<Self, In>;
    crate::keeps! {
        params: ConvParams<
            Count<Self>,
            Share<Self, In::Channels>,
            Height<Self>,
            Width<Self>,
            Biases<Self>,
            T
        >,
        tape: ConvTape<Self, In, Self::Out>
    }

    const CHECK: Check = {
        // A filter of one pixel may as well look at a vector.
        let is_point = Height::<Self>::USIZE * Width::<Self>::USIZE == 1;
        let image = if is_point { Check::OK } else { takes_image::<In>("Conv2d") };
        image.and(super::check::<Self, In>("Conv2d")).and(switch(
            "direct",
            Dr::USIZE,
            ["a sum of products", "the fastest way"],
        ))
    };
    const OPERATIONS: usize = geometry::<Self, In, Self::Out>().operations();
    const FUSION: Fusion = super::FUSION;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        super::init::<Self, In, T>(&mut params.weight, follows, rng);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, x, y, cx, .. } = pass;
        super::forward::<Self, In, T>(&params.weight, &params.bias, x, y, cx);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, x, dy, dx, cx, .. } = pass;
        let gradient = (&mut gradient.weight, &mut gradient.bias);
        super::backward::<Self, In, T, _>(&params.weight, gradient, (x, dy, dx), cx);
    }
}
