//! A convolution over sequences.
//!
//! ```text
//! forward   y[f, i] = b[f] + sum over c, k of W[f, c, k] x[c, S i + D k - P]
//! backward  dW[f, c, k] = sum over samples, i of dy[f, i] x[c, S i + D k - P]
//!           db[f] = sum over samples, i of dy[f, i]
//!           dx[c, m] = sum over f, k of W[f, c, k] dy[f, i] where S i + D k - P = m
//! ```
//!
//! with stride `S`, padding `P` and dilation `D`; outside the sequence, `x` is 0. With groups, `c`
//! and `f` run through one group's share.
//!
//! Shapes: a sequence of length `L` is an image one pixel high. `x` is `Image<C, 1, L>`; `y` is
//! `Image<Out, 1, L'>` with `L' = (L + 2 P - (D (K - 1) + 1)) / S + 1`, rounded down; `W` is
//! `Out x C / groups x K`, row-major, as in a PyTorch `state_dict`.

use super::{ConvTape, Geometry};
use crate::arguments::Value;
use crate::check::Check;
use crate::init::Init;
use crate::kernel::Real;
use crate::kernel::conv::{Axis, Convolution};
use crate::layer::{Backward, Context, Fusion, Layer, Nonlinearity};
use crate::plain::{self, Row, Taps};
use crate::shape::{Columns, ColumnsMut, Dimension, Image, Positions, Shape, slides};
use rand::Rng;
use typenum::{U0, U1};

crate::layer! {
    /// A convolution with `Out` filters of length `Kernel` along a sequence, which is an image one
    /// pixel high: `Conv1d<16, 3, pad = 1>`.
    ///
    /// Keyed arguments: `stride` (1), `pad` (0), `dilation` (1), `groups` (1) and `bias` (1; 0 for
    /// none).
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
        bias: Bias = U1
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

impl<In, Out, K, S, P, D, G, B, V> Geometry<In> for Conv1d<Out, K, S, P, D, G, B, V>
where
    In: Shape,
    Out: Dimension,
    K: Dimension,
    S: Dimension,
    P: Dimension,
    D: Dimension,
    G: Dimension,
    B: Dimension,
    V: Value<Init> + Send + Sync + 'static,
{
    const CONVOLUTION: Convolution = {
        let [channels, height, length] = In::DIMS;
        let vertical = Axis::new(height, 1, 1, 0, 1);
        let horizontal = Axis::new(length, K::USIZE, S::USIZE, P::USIZE, D::USIZE);
        Convolution::new(channels, Out::USIZE, G::USIZE, vertical, horizontal)
    };
}

impl<In, Out, K, S, P, D, G, B, V> Layer<In> for Conv1d<Out, K, S, P, D, G, B, V>
where
    In: Shape,
    Out: Dimension,
    K: Dimension,
    S: Dimension,
    P: Dimension,
    D: Dimension,
    G: Dimension,
    B: Dimension,
    V: Value<Init> + Send + Sync + 'static,
{
    type Out = Image<Out, In::Height, Positions<In::Width, K, S, P, D>>;
    type Params<T: Real> =
        Conv1dParams<Out, <In::Channels as Dimension>::Over<G>, K, <Out as Dimension>::Times<B>, T>;
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ConvTape<Self, In>;

    const CHECK: Check = {
        let [channels, height, length] = In::DIMS;
        Check::require(In::NUMERIC, "Conv1d takes a sequence, but is given token ids: embed them first")
            .and(
                Check::require(
                    channels == 1 || height * length > 1,
                    "Conv1d takes a sequence, `Image<channels, 1, length>`, but is given a vector of {}",
                )
                .number(channels),
            )
            .and(
                Check::require(
                    height == 1,
                    "Conv1d takes a sequence, an image of height 1, but is given one of height {}",
                )
                .number(height),
            )
            .and(super::filters("Conv1d", Out::USIZE, B::USIZE))
            .and(slides(
                "filter",
                [1, length],
                [1, K::USIZE],
                [1, S::USIZE],
                [0, P::USIZE],
                [1, D::USIZE],
            ))
            .and(super::groups(channels, Out::USIZE, G::USIZE))
    };
    const OPERATIONS: usize = <Self as Geometry<In>>::CONVOLUTION.operations();

    const FUSION: Fusion = super::FUSION;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        let init = V::VALUE.unwrap_or_default();
        let groups = G::USIZE.max(1);
        let fans = (In::DIMS[0] / groups * K::USIZE, Out::USIZE / groups * K::USIZE);
        let weight = plain::as_mut_slice::<T, _>(&mut params.weight);
        init.fill(weight, Out::USIZE, fans, follows, rng);
    }

    fn forward<T: Real>(
        params: &Self::Params<T>,
        _: &(),
        _: &mut (),
        x: Columns<'_, In, T>,
        y: ColumnsMut<'_, Self::Out, T>,
        _: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let conv = const { &<Self as Geometry<In>>::CONVOLUTION };
        super::forward(conv, &params.weight, &params.bias, x, y, cx);
    }

    fn backward<T: Real>(
        params: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        pass: Backward<'_, In, Self::Out, T>,
        _: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let gradient = (&mut gradient.weight, &mut gradient.bias);
        let conv = const { &<Self as Geometry<In>>::CONVOLUTION };
        super::backward(conv, &params.weight, gradient, pass, cx);
    }
}
