//! A layer of a WaveNet.
//!
//! ```text
//! forward   a = f(conv(s) + V c)    s' = s + W a + b    k' = k + a
//! backward  da = dk' + W^T ds'      dz = the gradient of f
//!           ds = ds' + the gradient of conv    dc = dc' + V^T dz    dk = dk'
//!           dW = ds' a^T    db = sum of ds'    dV = dz c^T
//! ```
//!
//! with `conv` a causal convolution of `K` taps, dilated by `D`.
//!
//! Shapes: a column `(s, k, c)` of `2 C + N`, kept. `conv` is `Z x C x K` with a bias, `V` is
//! `Z x N x 1`, `W` is `C x C x 1`; `f` makes `C` of `Z = gates C`.

use super::{Affine, Condition, Map, WaveNetLayerTape, carries, rows};
use crate::declare;
use crate::kernel::Real;
use crate::kernel::time::{Filter, Finish, Unit};
use crate::layer::{
    Arguments, Backward, Forward, Inside, Layer, LayerInfo, NoValue, Nonlinearity, Set, Steps,
    Syntax, Wrap, as_slice,
};
use crate::layers::{CausalConv1d, History, Run};
use crate::shape::{Check, Dimension, Shape, Vector, columns, columns_mut};
use core::marker::PhantomData;
use rand::Rng;
use typenum::{U0, U1, Unsigned};

/// A layer of a WaveNet of `Channels` channels: a causal convolution of the signal with `Kernel` taps,
/// to which the condition is added, the activation in its braces, and a way past it:
/// `WaveNetLayer<16, 3, dilation = 4> { Tanh }`.
///
/// Keyed arguments: `dilation` (1) and `gates` (1), by how many times the convolution has more channels
/// than the activation gives: 2 for a gated one.
///
/// ```
/// use formwork::prelude::*;
///
/// network! {
///     pub struct Amplifier: Vector<1> => Vector<1> {
///         begin: WaveNetInput<8>,
///         layer1: WaveNetLayer<8, 3> { Tanh },
///         layer2: WaveNetLayer<8, 3, dilation = 2> { Tanh },
///         layer3: WaveNetLayer<8, 3, dilation = 4> { Tanh },
///         skips: WaveNetSkips<8>,
///         head: CausalConv1d<1, 1>,
///     }
/// }
/// assert_eq!(Amplifier::RECEPTIVE_FIELD, 1 + 2 * (1 + 2 + 4));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct WaveNetLayer<Channels = U0, Kernel = U0, Dilation = U1, Gates = U1, Inner = ()>(
    PhantomData<(Channels, Kernel, Dilation, Gates, Inner)>,
);

impl<C, K, D, G, F> Arguments for WaveNetLayer<C, K, D, G, F> {
    const SYNTAX: Syntax = Syntax {
        layer: "WaveNetLayer",
        positional: &["Channels", "Kernel"],
        keyed: &["dilation", "gates"],
    };
    type Value = NoValue;
}

impl<C, K, D, G, F, Argument> Set<0, Argument> for WaveNetLayer<C, K, D, G, F> {
    type Output = WaveNetLayer<Argument, K, D, G, F>;
}

impl<C, K, D, G, F, Argument> Set<1, Argument> for WaveNetLayer<C, K, D, G, F> {
    type Output = WaveNetLayer<C, Argument, D, G, F>;
}

impl<C, K, D, G, F, Argument> Set<2, Argument> for WaveNetLayer<C, K, D, G, F> {
    type Output = WaveNetLayer<C, K, Argument, G, F>;
}

impl<C, K, D, G, F, Argument> Set<3, Argument> for WaveNetLayer<C, K, D, G, F> {
    type Output = WaveNetLayer<C, K, D, Argument, F>;
}

impl<C, K, D, G, F> Wrap<F> for WaveNetLayer<C, K, D, G> {
    type Output = WaveNetLayer<C, K, D, G, F>;
}

impl<In: Shape, C, K, D, G, F> Inside<In> for WaveNetLayer<C, K, D, G, F>
where
    C: Dimension,
    G: Dimension,
{
    type Shape = Vector<Gated<C, G>>;
}

crate::params! {
    /// The parameters of [`WaveNetLayer`].
    pub struct WaveNetLayerParams {
        /// Of the convolution of the signal.
        pub conv: Conv,
        /// Of the map of the condition.
        pub mix: Mix,
        /// Of the activation.
        pub activation: Activation,
        /// Of the map to what is added to the signal.
        pub out: Out,
    }
}

/// What goes into the activation.
type Gated<C, G> = <C as Dimension>::Times<G>;

/// What is in a layer.
type Conv<C, K, D, G> = CausalConv1d<Gated<C, G>, K, D>;
type ParamsOf<L, In, T> = <L as Layer<In>>::Params<T>;

impl<In: Shape, C, K, D, G, F> Layer<In> for WaveNetLayer<C, K, D, G, F>
where
    C: Dimension,
    K: Dimension,
    D: Dimension,
    G: Dimension,
    F: Layer<Vector<Gated<C, G>>>,
{
    type Out = In;
    crate::keeps! {
        params: WaveNetLayerParams<
            ParamsOf<Conv<C, K, D, G>, Vector<C>, T>,
            ParamsOf<Map<Gated<C, G>>, Vector<Condition<In, C>>, T>,
            F::Params<T>,
            ParamsOf<Affine<C>, Vector<C>, T>,
        >,
        stats: F::Stats<T>,
        state: (History<C, K, D, T>, F::State<T>),
        tape: WaveNetLayerTape<C, K, D, Gated<C, G>, Condition<In, C>, F, T>,
    }

    const CHECK: Check = carries::<In, C>("WaveNetLayer")
        .and(<Conv<C, K, D, G> as Layer<Vector<C>>>::CHECK)
        .and(declare::check::<F, Vector<Gated<C, G>>>())
        .and(
            Check::require(
                F::Out::SIZE == C::USIZE || F::Out::SIZE == 0,
                "the layers in its braces must make {} channels of {}, but give `{}`",
            )
            .number(C::USIZE)
            .number(Gated::<C, G>::USIZE)
            .shape::<F::Out>(),
        )
        .and(F::STEPS.kept_in("WaveNetLayer"));
    const OPERATIONS: usize = <Conv<C, K, D, G> as Layer<Vector<C>>>::OPERATIONS
        .saturating_add(<Map<Gated<C, G>> as Layer<Vector<Condition<In, C>>>>::OPERATIONS)
        .saturating_add(F::OPERATIONS)
        .saturating_add(<Affine<C> as Layer<Vector<C>>>::OPERATIONS);
    const IN_PLACE: bool = true;
    const NONLINEARITY: Nonlinearity = F::NONLINEARITY;
    const STEPS: Steps = F::STEPS.if_kept();
    const LOOKS_BACK: usize = History::<C, K, D, f32>::STEPS.saturating_add(F::LOOKS_BACK);
    const MIXES_LANES: bool = F::MIXES_LANES;
    const LAYERS: &'static [LayerInfo] = F::LAYERS;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        let before = F::NONLINEARITY;
        <Conv<C, K, D, G> as Layer<Vector<C>>>::init(&mut params.conv, &mut (), before, rng);
        <Map<Gated<C, G>> as Layer<Vector<Condition<In, C>>>>::init(
            &mut params.mix,
            &mut (),
            before,
            rng,
        );
        F::init(&mut params.activation, stats, follows, rng);
        <Affine<C> as Layer<Vector<C>>>::init(&mut params.out, &mut (), follows, rng);
    }

    #[inline]
    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, state, tape, mut y, cx, .. } = pass;
        tape.conv.pack(&params.conv.weight, &params.conv.bias, &cx);
        tape.mix.pack(&params.mix.weight, &params.mix.bias, &cx);
        tape.out.pack(&params.out.weight, &params.out.bias, &cx);
        // In one pass, where there is a kernel for it and nothing need be kept.
        let suits = Unit::<T>::suits(C::USIZE, K::USIZE) && G::USIZE == 1;
        let looks_back = History::<C, K, D, T>::STEPS > 0;
        let one_pass = suits && looks_back && !cx.is_training() && cx.watch.is_none();
        let (Some(function), true) = (F::FUNCTION, one_pass) else {
            return Self::in_parts(Forward { params, state, tape, y, cx, ..pass });
        };
        let (conv, mix, out) = (&tape.conv.filters, &tape.mix.filters, &tape.out.filters);
        let (mut left, lanes) = (y.ncols(), cx.lanes_of(y.ncols()));
        let mut columns = y.as_mut_slice();
        while left > 0 {
            let Run { ring: x, columns: all, repeated, first, shift, count } =
                state.0.make_room(left, lanes.count());
            let (flow, later) = columns.split_at_mut(count * In::SIZE);
            Unit { conv, mix, function, out, x, columns: all, repeated, first, shift, count, flow }
                .run::<C, Condition<In, C>, K>();
            (columns, left) = (later, left - count);
            state.0.end(lanes, left, count);
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, mut dy, mut cx, .. } = pass;
        let (n, size, channels, gated) = (dy.ncols(), In::SIZE, C::USIZE, Gated::<C, G>::USIZE);
        let flow = dy.as_mut_slice();
        let (z, a) = (&tape.z[..gated * n], &tape.a[..channels * n]);
        let (dz, da) = (&mut tape.dz[..gated * n], &mut tape.da[..channels * n]);
        let (ds, more_ds) = (&mut tape.ds[..channels * n], &mut tape.more_ds[..channels * n]);
        let condition = (size - 2 * channels) * n;
        rows::gather(ds, flow, size, 0..channels);
        rows::gather(da, flow, size, channels..2 * channels);
        let own = (&mut gradient.out.weight, &mut gradient.out.bias);
        let given = (columns(a), columns_mut(ds), Some(columns_mut(more_ds)));
        tape.out.backward(as_slice(&params.out.weight), own, given, cx.inner());
        rows::add(da, more_ds, channels, 0..channels);
        declare::backward::<F, Vector<Gated<C, G>>, T>(Backward {
            params: &params.activation,
            gradient: &mut gradient.activation,
            tape: &mut tape.activation,
            x: columns(z),
            ids: columns(&[]),
            y: columns(a),
            dy: columns_mut(da),
            dx: Some(columns_mut(dz)),
            cx: cx.inner(),
        });
        let own = (&mut gradient.mix.weight, &mut gradient.mix.bias);
        let more_dc = &mut tape.more_dc[..condition];
        let given =
            (columns(&tape.condition[..condition]), columns_mut(dz), Some(columns_mut(more_dc)));
        tape.mix.backward(as_slice(&params.mix.weight), own, given, cx.inner());
        let own = (&mut gradient.conv.weight, &mut gradient.conv.bias);
        let given =
            (columns(&tape.signal[..channels * n]), columns_mut(dz), Some(columns_mut(more_ds)));
        tape.conv.backward(as_slice(&params.conv.weight), own, given, cx.inner());
        rows::add(flow, more_ds, size, 0..channels);
        rows::add(flow, more_dc, size, 2 * channels..size);
    }

    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        F::observe(stats, &tape.activation);
    }
}

impl<C, K, D, G, F> WaveNetLayer<C, K, D, G, F>
where
    C: Dimension,
    K: Dimension,
    D: Dimension,
    G: Dimension,
    F: Layer<Vector<Gated<C, G>>>,
{
    /// Goes forward part by part, once the filters are packed.
    #[inline(never)]
    fn in_parts<In: Shape, T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, stats, state, tape, mut y, mut cx, .. } = pass;
        let (n, size, channels, gated) = (y.ncols(), In::SIZE, C::USIZE, Gated::<C, G>::USIZE);
        let flow = y.as_mut_slice();
        let (z, a) = (&mut tape.z[..gated * n], &mut tape.a[..channels * n]);
        if cx.is_training() {
            tape.conv.keep(&state.0, &cx);
            rows::gather(&mut tape.signal, flow, size, 0..channels);
            rows::gather(&mut tape.condition, flow, size, 2 * channels..size);
        }
        let (first, shift, count) = (0, 0, n);
        let finish = Finish { add: true, rectify: false };
        let (conv, new) = (&tape.conv.filters, cx.lanes_of(n));
        state.0.filter::<C, Gated<C, G>>(conv, (flow, size), (z, gated), new, false);
        if n > 0 {
            let (filters, x) = (&tape.mix.filters, &flow[2 * channels..]);
            let (x_stride, y_stride, y) = (size, gated, &mut *z);
            Filter { filters, x, x_stride, columns: n, first, shift, count, y, y_stride, finish }
                .run::<Condition<In, C>, Gated<C, G>, U1>();
        }
        declare::forward::<F, Vector<Gated<C, G>>, T>(
            "activation",
            Forward {
                params: &params.activation,
                stats,
                state: &mut state.1,
                tape: &mut tape.activation,
                x: columns(z),
                ids: columns(&[]),
                y: columns_mut(a),
                cx: cx.inner(),
            },
        );
        rows::add(flow, a, size, channels..2 * channels);
        let (filters, x, x_stride, y, y_stride) = (&tape.out.filters, &*a, channels, flow, size);
        Filter { filters, x, x_stride, columns: n, first, shift, count, y, y_stride, finish }
            .run::<C, C, U1>();
    }
}
