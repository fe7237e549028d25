//! From one number of channels to another, within a WaveNet.
//!
//! ```text
//! forward   s' = W s    k' = V k + b    c' = c
//! backward  dW = ds' s^T    dV = dk' k^T    db = sum of dk'
//!           ds = W^T ds'    dk = V^T dk'    dc = dc'
//! ```
//!
//! Shapes: a column `(s, k, c)` of `2 C + N` becomes one of `2 Out + N`; `W` and `V` are
//! `Out x C x 1`, as of convolutions with one tap.

use super::{CausalConv1d, Condition, Map, carries, rows};
use crate::kernel::time::{Filter, Finish};
use crate::kernel::{Buffer, Real};
use crate::layer::{Backward, Forward, Layer, Memory, Nonlinearity, Scratch, Tape, as_slice};
use crate::layers::CausalTape;
use crate::shape::{Check, Dimension, Shape, Vector, columns, columns_mut};
use rand::Rng;
use typenum::{U0, U1};

crate::layer! {
    /// Leads from a WaveNet of `Channels` channels to one of `Out`: `WaveNetRechannel<16, 8>`. The
    /// condition goes on.
    ///
    /// Keyed argument: `bias` (0; 1 for one in the map of the skip sum).
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Two: Vector<1> => Vector<1> {
    ///         begin: WaveNetInput<16>,
    ///         layer1: WaveNetLayer<16, 3> { Tanh },
    ///         less: WaveNetRechannel<16, 8>,
    ///         layer2: WaveNetLayer<8, 3> { Tanh },
    ///         skips: WaveNetSkips<8>,
    ///         head: CausalConv1d<1, 1>,
    ///     }
    /// }
    /// assert_eq!(Two::RECEPTIVE_FIELD, 5);
    /// ```
    pub struct WaveNetRechannel<Channels, Out; bias: Bias = U0>;
}

crate::params! {
    /// The parameters of [`WaveNetRechannel`].
    pub struct WaveNetRechannelParams {
        /// Of the map of the skip sum.
        pub skips: Skips,
        /// Of the map of the signal.
        pub signal: Signal,
    }
}

/// The map of the skip sum.
type SkipMap<Out, B> = CausalConv1d<Out, U1, U1, U1, B>;

/// What is kept between two parts of a WaveNet.
pub struct WaveNetRechannelTape<C: Dimension, Out: Dimension, B: Dimension, T: Real> {
    signal: CausalTape<Map<Out>, Vector<C>, T>,
    skips: CausalTape<SkipMap<Out, B>, Vector<C>, T>,
    /// `C x columns` and `Out x columns`: of the signal or of the skip sum, what came in and the
    /// gradients.
    x: Buffer<T>,
    dx: Buffer<T>,
    dy: Buffer<T>,
}

impl<C, Out, B, T> Tape for WaveNetRechannelTape<C, Out, B, T>
where
    C: Dimension,
    Out: Dimension,
    B: Dimension,
    T: Real,
{
    const MEMORY: Memory = <CausalTape<Map<Out>, Vector<C>, T> as Tape>::MEMORY
        .and(<CausalTape<SkipMap<Out, B>, Vector<C>, T> as Tape>::MEMORY)
        .and(Memory::per_column(2 * C::USIZE + Out::USIZE));
    const INFERENCE: Memory = <CausalTape<Map<Out>, Vector<C>, T> as Tape>::INFERENCE
        .and(<CausalTape<SkipMap<Out, B>, Vector<C>, T> as Tape>::INFERENCE);
    const SCRATCH: Scratch = <CausalTape<Map<Out>, Vector<C>, T> as Tape>::SCRATCH;

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let columns_of = |rows: usize| Buffer::zeroed(if training { rows * columns } else { 0 });
        Self {
            signal: Tape::new(columns, lanes, training),
            skips: Tape::new(columns, lanes, training),
            x: columns_of(C::USIZE),
            dx: columns_of(C::USIZE),
            dy: columns_of(Out::USIZE),
        }
    }
}

impl<In: Shape, C: Dimension, Out: Dimension, B: Dimension> Layer<In>
    for WaveNetRechannel<C, Out, B>
{
    type Out = Vector<<Out::Double as Dimension>::Plus<Condition<In, C>>>;
    crate::keeps! {
        params: WaveNetRechannelParams<
            <SkipMap<Out, B> as Layer<Vector<C>>>::Params<T>,
            <Map<Out> as Layer<Vector<C>>>::Params<T>,
        >,
        tape: WaveNetRechannelTape<C, Out, B, T>,
    }

    const CHECK: Check =
        carries::<In, C>("WaveNetRechannel").and(<SkipMap<Out, B> as Layer<Vector<C>>>::CHECK);
    const OPERATIONS: usize = <Map<Out> as Layer<Vector<C>>>::OPERATIONS.saturating_mul(2);

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        <Map<Out> as Layer<Vector<C>>>::init(&mut params.signal, &mut (), follows, rng);
        <SkipMap<Out, B> as Layer<Vector<C>>>::init(&mut params.skips, &mut (), follows, rng);
    }

    #[inline]
    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, tape, x, mut y, cx, .. } = pass;
        tape.signal.pack(&params.signal.weight, &params.signal.bias, &cx);
        tape.skips.pack(&params.skips.weight, &params.skips.bias, &cx);
        let (count, channels, outs) = (x.ncols(), C::USIZE, Out::USIZE);
        if count == 0 {
            return;
        }
        let (x_stride, y_stride) = (In::SIZE, y.nrows());
        let (x, y) = (x.as_slice(), y.as_mut_slice());
        for (y, x) in y.chunks_exact_mut(y_stride).zip(x.chunks_exact(x_stride)) {
            y[2 * outs..].copy_from_slice(&x[2 * channels..]);
        }
        let (columns, first, shift, finish) = (count, 0, 0, Finish::default());
        let (filters, to) = (&tape.signal.filters, &mut *y);
        Filter { filters, x, x_stride, columns, first, shift, count, y: to, y_stride, finish }
            .run::<C, Out, U1>();
        let (filters, x, y) = (&tape.skips.filters, &x[channels..], &mut y[outs..]);
        Filter { filters, x, x_stride, columns, first, shift, count, y, y_stride, finish }
            .run::<C, Out, U1>();
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, x, dy, mut dx, mut cx, .. } = pass;
        let (n, size, out_size) = (x.ncols(), In::SIZE, dy.nrows());
        let (channels, outs) = (C::USIZE, Out::USIZE);
        let WaveNetRechannelTape { signal, skips, x: part, dx: d_part, dy: d_out } = tape;
        let (part, d_part) = (&mut part[..channels * n], &mut d_part[..channels * n]);
        let d_out = &mut d_out[..outs * n];
        rows::gather(part, x.as_slice(), size, 0..channels);
        rows::gather(d_out, dy.as_slice(), out_size, 0..outs);
        let own = (&mut gradient.signal.weight, &mut gradient.signal.bias);
        let given = (columns(part), columns_mut(d_out), Some(columns_mut(d_part)));
        signal.backward(as_slice(&params.signal.weight), own, given, cx.inner());
        if let Some(dx) = &mut dx {
            rows::scatter(dx.as_mut_slice(), d_part, size, 0..channels);
        }
        rows::gather(part, x.as_slice(), size, channels..2 * channels);
        rows::gather(d_out, dy.as_slice(), out_size, outs..2 * outs);
        let own = (&mut gradient.skips.weight, &mut gradient.skips.bias);
        let given = (columns(part), columns_mut(d_out), Some(columns_mut(d_part)));
        skips.backward(as_slice(&params.skips.weight), own, given, cx.inner());
        if let Some(dx) = &mut dx {
            rows::scatter(dx.as_mut_slice(), d_part, size, channels..2 * channels);
            let pairs =
                dx.as_mut_slice().chunks_exact_mut(size).zip(dy.as_slice().chunks_exact(out_size));
            pairs.for_each(|(dx, dy)| dx[2 * channels..].copy_from_slice(&dy[2 * outs..]));
        }
    }
}
