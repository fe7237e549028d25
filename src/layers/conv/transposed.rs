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

use super::{ConvTape, Geometry, tape};
use crate::arguments::Value;
use crate::check::Check;
use crate::init::Init;
use crate::kernel::Real;
use crate::kernel::conv::{self, Axis, Convolution};
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::plain::{self, Patches, Row};
use crate::shape::{Columns, ColumnsMut, Dimension, Extent, Image, Shape};
use rand::Rng;
use typenum::{U0, U1};

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

impl<In, Out, K, S, P, D, G, B, E, V> Geometry<In> for ConvTranspose2d<Out, K, S, P, D, G, B, E, V>
where
    In: Shape,
    Out: Dimension,
    K: Dimension,
    S: Dimension,
    P: Dimension,
    D: Dimension,
    G: Dimension,
    B: Dimension,
    E: Dimension,
    V: Value<Init> + Send + Sync + 'static,
{
    const CONVOLUTION: Convolution = {
        let [filters, _, _] = In::DIMS;
        let [channels, height, width] = <<Self as Layer<In>>::Out as Shape>::DIMS;
        let vertical = Axis::new(height, K::USIZE, S::USIZE, P::USIZE, D::USIZE);
        let horizontal = Axis::new(width, K::USIZE, S::USIZE, P::USIZE, D::USIZE);
        Convolution::new(channels, filters, G::USIZE, vertical, horizontal)
    };
    const TRANSPOSED: bool = true;
}

impl<In, Out, K, S, P, D, G, B, E, V> Layer<In> for ConvTranspose2d<Out, K, S, P, D, G, B, E, V>
where
    In: Shape,
    Out: Dimension,
    K: Dimension,
    S: Dimension,
    P: Dimension,
    D: Dimension,
    G: Dimension,
    B: Dimension,
    E: Dimension,
    V: Value<Init> + Send + Sync + 'static,
{
    type Out = Image<Out, Extent<In::Height, K, S, P, D, E>, Extent<In::Width, K, S, P, D, E>>;
    type Params<T: Real> = ConvTransposeParams<
        In::Channels,
        <Out as Dimension>::Over<G>,
        K,
        K,
        <Out as Dimension>::Times<B>,
        T,
    >;
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ConvTape<Self, In>;

    const CHECK: Check = {
        let [channels, _, _] = In::DIMS;
        let [_, height, width] = <Self::Out as Shape>::DIMS;
        Check::require(In::NUMERIC, "ConvTranspose2d takes an image, but is given token ids")
            .and(super::filters("ConvTranspose2d", Out::USIZE, B::USIZE))
            .and(Check::require(K::USIZE > 0, "a 0x0 filter covers nothing"))
            .and(Check::require(S::USIZE > 0, "a stride of 0 puts all pixels on one"))
            .and(Check::require(
                D::USIZE > 0,
                "a dilation of 0 puts all taps of the filter on one pixel; 1 is none",
            ))
            .and(
                Check::require(
                    E::USIZE < S::USIZE,
                    "an output padding of {} must be less than the stride of {}",
                )
                .number(E::USIZE)
                .number(S::USIZE),
            )
            .and(
                Check::require(
                    height > 0 && width > 0,
                    "padding of {} takes away the whole output",
                )
                .number(P::USIZE),
            )
            .and(super::groups(channels, Out::USIZE, G::USIZE))
    };
    const OPERATIONS: usize = <Self as Geometry<In>>::CONVOLUTION.operations();

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        let init = V::VALUE.unwrap_or_default();
        let (groups, taps) = (G::USIZE.max(1), K::USIZE * K::USIZE);
        // The stride leaves each output that part of the taps.
        let fan_in = (In::DIMS[0] / groups * taps / (S::USIZE * S::USIZE).max(1)).max(1);
        let fans = (fan_in, Out::USIZE / groups * taps);
        let weight = plain::as_mut_slice::<T, _>(&mut params.weight);
        init.fill(weight, In::DIMS[0], fans, follows, rng);
    }

    fn forward<T: Real>(
        params: &Self::Params<T>,
        _: &(),
        _: &mut (),
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, Self::Out, T>,
        _: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let conv = const { &<Self as Geometry<In>>::CONVOLUTION };
        let [packed, spread] =
            cx.scratch([conv.packed_adjoint(), tape::pieces(x.count()) * conv.spread()]);
        conv.pack_adjoint(packed, plain::as_slice(&params.weight));
        let bias = plain::as_slice::<T, _>(&params.bias);
        conv::transposed(conv, y.as_mut_slice(), x.numbers(), packed, bias, spread);
    }

    fn backward<T: Real>(
        params: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        pass: Backward<'_, In, Self::Out, T>,
        _: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let conv = const { &<Self as Geometry<In>>::CONVOLUTION };
        let dx = pass.dx.map(ColumnsMut::into_slice);
        let gradient = (&mut gradient.weight, &mut gradient.bias);
        let (gradient, packed, memory) =
            tape::backward(conv, pass.x.count(), [conv.packed(), 0], gradient, cx);
        if dx.is_some() {
            conv.pack(packed, plain::as_slice(&params.weight));
        }
        let given = (pass.x.numbers(), pass.dy.as_slice());
        conv::transposed_backward(conv, gradient, dx, given, packed, memory);
    }
}
