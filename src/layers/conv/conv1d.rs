//! A convolution over sequences.
//!
//! ```text
//! forward   y[f, i] = b[f] + sum over c, k of W[f, c, k] x[c, S i + D k - P]
//! backward  dW[f, c, k] = sum over samples, i of dy[f, i] x[c, S i + D k - P]
//!           db[f] = sum over samples, i of dy[f, i]
//!           dx[c, m] = sum over f, k of W[f, c, k] dy[f, i] where S i + D k - P = m
//! ```
//!
//! with stride `S`, padding `P` before and `Q` after, and dilation `D`; outside the sequence, `x` is
//! 0. With groups, `c` and `f` run through one group's share.
//!
//! Shapes: a sequence of length `L` is an image one pixel high. `x` is `Image<C, 1, L>`; `y` is
//! `Image<Out, 1, L'>` with `L' = (L + P + Q - (D (K - 1) + 1)) / S + 1`, rounded down; `W` is
//! `Out x C / groups x K`, row-major, as in a PyTorch `state_dict`.

use super::{Biases, ConvTape, Count, Filters, Maps, Share, Width, geometry};
use crate::kernel::Real;
use crate::layer::{
    Backward, Forward, Fusion, Init, Layer, Nonlinearity, NotGiven, Row, Taps, Value,
};
use crate::layers::window::{Optional, Still, takes_sequence};
use crate::shape::{Check, Dimension, Shape};
use rand::Rng;
use typenum::{U0, U1};

crate::layer! {
    /// A convolution with `Out` filters of length `Kernel` along a sequence, which is an image one
    /// pixel high: `Conv1d<16, 3, pad = 1>`.
    ///
    /// Keyed arguments: `stride` (1), `pad` (0), `dilation` (1), `groups` (1), `bias` (1; 0 for
    /// none), `pad_left` and `pad_right` for padding on one side (as large as `pad`), and `same` (0; 1
    /// for the padding that leaves a step for each stride). A causal convolution, which sees nothing of
    /// the future, is `Conv1d<16, 3, pad_left = 2>`.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Beat: Image<2, 1, 100> => Image<8, 1, 50> {
    ///         conv: Conv1d<8, 5, stride = 2, pad = 2>,
    ///     }
    /// }
    /// assert_eq!(Beat::PARAMETERS, 8 * 2 * 5 + 8);
    /// ```
    pub struct Conv1d<
        Out, Kernel;
        stride: Stride = U1,
        pad: Pad = U0,
        dilation: Dilation = U1,
        groups: Groups = U1,
        bias: Bias = U1,
        pad_left: PadLeft = NotGiven,
        pad_right: PadRight = NotGiven,
        same: Same = U0
    >(Init);
}

crate::params! {
    /// The parameters of [`Conv1d`].
    pub struct Conv1dParams<Filters, Channels, Length, Biases> {
        /// `filters x channels of a group x length`.
        pub weight: Taps<T, Filters, Channels, Length>,
        /// A bias for each filter, or nothing.
        pub bias: Row<T, Biases>,
    }
}

impl<Out, K, S, P, D, G, B, Pl, Pr, Same, V> Filters
    for Conv1d<Out, K, S, P, D, G, B, Pl, Pr, Same, V>
where
    Out: Dimension,
    K: Dimension,
    S: Dimension,
    P: Dimension,
    D: Dimension,
    G: Dimension,
    B: Dimension,
    Pl: Optional,
    Pr: Optional,
    Same: Dimension,
    V: Value<Init> + 'static,
{
    type Count = Out;
    type Down = Still;
    type Across = (K, S, (Pl::Or<P>, Pr::Or<P>), D, Same, U0);
    type Groups = G;
    type Bias = B;
    type Init = V;
}

impl<In: Shape, Out, K, S, P, D, G, B, Pl, Pr, Same, V> Layer<In>
    for Conv1d<Out, K, S, P, D, G, B, Pl, Pr, Same, V>
where
    Self: Filters<Down = Still>,
{
    type Out = Maps<Self, In>;
    crate::keeps! {
        params: Conv1dParams<
            Count<Self>, Share<Self, In::Channels>, Width<Self>, Biases<Self>, T
        >,
        tape: ConvTape<Self, In, Self::Out>
    }

    const CHECK: Check = {
        let [channels, height, length] = In::DIMS;
        let check = takes_sequence::<In>("Conv1d").and(super::check::<Self, In>("Conv1d"));
        Check::require(
            check.is_ok() || height * length > 1,
            "Conv1d takes a sequence, `Image<channels, 1, length>`, but is given a vector of {}; where \
             time is columns, as for recurrent layers, `CausalConv1d` goes along them",
        )
        .number(channels)
        .and(check)
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
