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
//! with stride `S`, padding `P` and dilation `D`; outside the image, `x` is 0. With groups, `c` and
//! `f` run through one group's share.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<Out, H', W'>` with
//! `H' = (H + 2 P - (D (K - 1) + 1)) / S + 1`, rounded down, and `W'` alike; `W` is
//! `Out x C / groups x K x K`, row-major, as in a PyTorch `state_dict`.

use super::{ConvParams, ConvTape, Geometry};
use crate::arguments::{NotGiven, Value};
use crate::check::Check;
use crate::init::Init;
use crate::kernel::Real;
use crate::kernel::conv::{Axis, Convolution};
use crate::layer::{Backward, Context, Fusion, Layer, Nonlinearity};
use crate::plain;
use crate::shape::{
    Columns, ColumnsMut, Dimension, Image, Or, Positions, Shape, slides, takes_image,
};
use rand::Rng;
use typenum::{U0, U1, Unsigned};

crate::layer! {
    /// A convolution with `Out` filters of `Kernel x Kernel`: `Conv2d<16, 3, pad = 1>`.
    ///
    /// Keyed arguments: `stride` (1), `pad` (0), `dilation` (1), `groups` (1; as many as channels
    /// for a depthwise convolution), `bias` (1; 0 for none), and for what is not square
    /// `kernel_width` and `pad_width`, which go across while `Kernel` and `pad` then go down.
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
        pad_width: PadWidth = NotGiven
    >(Init);
}

type Across<Given, Down> = <Given as Or<Down>>::Is;

impl<In, Out, K, S, P, D, G, B, Kw, Pw, V> Geometry<In> for Conv2d<Out, K, S, P, D, G, B, Kw, Pw, V>
where
    In: Shape,
    Out: Dimension,
    K: Dimension,
    S: Dimension,
    P: Dimension,
    D: Dimension,
    G: Dimension,
    B: Dimension,
    Kw: Or<K> + Send + Sync + 'static,
    Pw: Or<P> + Send + Sync + 'static,
    V: Value<Init> + Send + Sync + 'static,
{
    const CONVOLUTION: Convolution = {
        let [channels, height, width] = In::DIMS;
        let (kernel, pad) = (Across::<Kw, K>::USIZE, Across::<Pw, P>::USIZE);
        let vertical = Axis::new(height, K::USIZE, S::USIZE, P::USIZE, D::USIZE);
        let horizontal = Axis::new(width, kernel, S::USIZE, pad, D::USIZE);
        Convolution::new(channels, Out::USIZE, G::USIZE, vertical, horizontal)
    };
}

impl<In, Out, K, S, P, D, G, B, Kw, Pw, V> Layer<In> for Conv2d<Out, K, S, P, D, G, B, Kw, Pw, V>
where
    In: Shape,
    Out: Dimension,
    K: Dimension,
    S: Dimension,
    P: Dimension,
    D: Dimension,
    G: Dimension,
    B: Dimension,
    Kw: Or<K> + Send + Sync + 'static,
    Pw: Or<P> + Send + Sync + 'static,
    V: Value<Init> + Send + Sync + 'static,
{
    type Out = Image<
        Out,
        Positions<In::Height, K, S, P, D>,
        Positions<In::Width, Across<Kw, K>, S, Across<Pw, P>, D>,
    >;
    type Params<T: Real> = ConvParams<
        Out,
        <In::Channels as Dimension>::Over<G>,
        K,
        Across<Kw, K>,
        <Out as Dimension>::Times<B>,
        T,
    >;
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ConvTape<Self, In>;

    const CHECK: Check = {
        let [channels, height, width] = In::DIMS;
        let (kernel, pad) =
            ([K::USIZE, Across::<Kw, K>::USIZE], [P::USIZE, Across::<Pw, P>::USIZE]);
        // A filter of one pixel may as well look at a vector.
        let image = if kernel[0] * kernel[1] == 1 && In::NUMERIC {
            Check::OK
        } else {
            takes_image::<In>("Conv2d")
        };
        let (stride, dilation) = ([S::USIZE; 2], [D::USIZE; 2]);
        image
            .and(super::filters("Conv2d", Out::USIZE, B::USIZE))
            .and(slides("filter", [height, width], kernel, stride, pad, dilation))
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
        let taps = K::USIZE * Across::<Kw, K>::USIZE;
        let groups = G::USIZE.max(1);
        let fans = (In::DIMS[0] / groups * taps, Out::USIZE / groups * taps);
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
