//! A stack of layers that a condition modulates, feature by feature (Perez et al., 2018).
//!
//! ```text
//! forward   y = gamma f(x) + beta    (gamma, beta) = W c + b    c' = c
//! backward  df = gamma dy    dx = the gradient of f    dW = (f dy, dy) c^T    db = sum of (f dy, dy)
//!           dc = dc' + W^T (f dy, dy)
//! ```
//!
//! Shapes: a column `(x, c)` of `C + N` becomes one of `Out + N`, where `f` makes `Out` of `C`. `W` is
//! `2 Out x N x 1`, the rows of `gamma` first, as of a convolution with one tap.

use super::{Condition, FilmTape, Map, carries, rows};
use crate::declare;
use crate::kernel::Real;
use crate::kernel::time::{Filter, Finish};
use crate::layer::{
    Arguments, Backward, Forward, Inside, Layer, LayerInfo, NoValue, Nonlinearity, Set, Steps,
    Syntax, Wrap, as_slice,
};
use crate::shape::{Check, Dimension, Shape, Vector, columns, columns_mut};
use core::marker::PhantomData;
use rand::Rng;
use typenum::{U0, U1};

/// Layers that take a signal of `Channels` channels, and what they make of it multiplied by `gamma(c)`
/// and moved by `beta(c)`, of the condition `c` beside it: `Film<16> { conv: CausalConv1d<16, 3> }`. The
/// condition goes on beside what comes out. At first `gamma` is about 1, and `beta` about 0.
///
/// ```
/// use formwork::prelude::*;
///
/// network! {
///     /// A sample and two knobs of an amplifier.
///     struct Amplifier: Vector<3> => Vector<1> {
///         first: Film<1> { conv: CausalConv1d<8, 3> },
///         second: Film<8> { Tanh, conv: CausalConv1d<8, 3, dilation = 4> },
///         sound: FilmOutput<8>,
///         Tanh,
///         out: CausalConv1d<1, 1>,
///     }
/// }
/// assert_eq!(Amplifier::RECEPTIVE_FIELD, 1 + 2 + 2 * 4);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Film<Channels = U0, Inner = ()>(PhantomData<(Channels, Inner)>);

impl<C, F> Arguments for Film<C, F> {
    const SYNTAX: Syntax = Syntax { layer: "Film", positional: &["Channels"], keyed: &[] };
    type Value = NoValue;
}

impl<C, F, Argument> Set<0, Argument> for Film<C, F> {
    type Output = Film<Argument, F>;
}

impl<C, F> Wrap<F> for Film<C> {
    type Output = Film<C, F>;
}

impl<In: Shape, C: Dimension, F> Inside<In> for Film<C, F> {
    type Shape = Vector<C>;
}

crate::params! {
    /// The parameters of [`Film`].
    pub struct FilmParams {
        /// Of the layers.
        pub layers: Layers,
        /// Of the map of the condition to `gamma` and `beta`.
        pub map: Modulation,
    }
}

/// The features that the layers make of `C` channels.
type Outs<C, F> = <<F as Layer<Vector<C>>>::Out as Shape>::Features;
type ParamsOf<L, In, T> = <L as Layer<In>>::Params<T>;

impl<In: Shape, C: Dimension, F: Layer<Vector<C>>> Layer<In> for Film<C, F> {
    type Out = Vector<<Outs<C, F> as Dimension>::Plus<Condition<In, C>>>;
    crate::keeps! {
        params: FilmParams<
            F::Params<T>,
            ParamsOf<Map<Outs<C, F>>, Vector<Condition<In, C>>, T>,
        >,
        stats: F::Stats<T>,
        state: F::State<T>,
        tape: FilmTape<C, Condition<In, C>, F, T>,
    }

    const CHECK: Check = {
        let [_, height, width] = F::Out::DIMS;
        let flat = Check::require(
            height * width <= 1,
            "the layers in its braces must make a vector of channels, but give `{}`",
        );
        carries::<In, C>("Film")
            .and(declare::check::<F, Vector<C>>())
            .and(flat.shape::<F::Out>())
            .and(F::STEPS.kept_in("Film"))
    };
    const OPERATIONS: usize = F::OPERATIONS
        .saturating_add(<Map<Outs<C, F>> as Layer<Vector<Condition<In, C>>>>::OPERATIONS)
        .saturating_add(F::Out::SIZE.saturating_mul(2));
    const NONLINEARITY: Nonlinearity = F::NONLINEARITY;
    const STEPS: Steps = F::STEPS.if_kept();
    const LOOKS_BACK: usize = F::LOOKS_BACK;
    const MIXES_LANES: bool = F::MIXES_LANES;
    const LAYERS: &'static [LayerInfo] = F::LAYERS;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        stats: &mut Self::Stats<T>,
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        F::init(&mut params.layers, stats, follows, rng);
        <Map<Outs<C, F>> as Layer<Vector<Condition<In, C>>>>::init(
            &mut params.map,
            &mut (),
            Nonlinearity::Linear,
            rng,
        );
        params.map.bias.iter_mut().take(F::Out::SIZE).for_each(|gamma| *gamma = T::ONE);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, stats, state, tape, x, mut y, mut cx, .. } = pass;
        let (n, size, channels, outs) = (x.ncols(), In::SIZE, C::USIZE, F::Out::SIZE);
        tape.map.pack(&params.map.weight, &params.map.bias, &cx);
        let x = x.as_slice();
        let (signal, made) = (&mut tape.signal[..channels * n], &mut tape.made[..outs * n]);
        rows::gather(signal, x, size, 0..channels);
        if cx.is_training() {
            rows::gather(&mut tape.condition[..(size - channels) * n], x, size, channels..size);
        }
        declare::forward::<F, Vector<C>, T>(
            "layers",
            Forward {
                params: &params.layers,
                stats,
                state,
                tape: &mut tape.layers,
                x: columns(signal),
                ids: columns(&[]),
                y: columns_mut(made),
                cx: cx.inner(),
            },
        );
        if n == 0 {
            return;
        }
        let modulation = &mut tape.modulation[..2 * outs * n];
        Filter {
            filters: &tape.map.filters,
            x: &x[channels..],
            x_stride: size,
            columns: n,
            first: 0,
            shift: 0,
            count: n,
            y: modulation,
            y_stride: 2 * outs,
            finish: Finish::default(),
        }
        .run::<Condition<In, C>, <Outs<C, F> as Dimension>::Double, U1>();
        let given = x.chunks_exact(size).zip(made.chunks_exact(outs));
        let columns = y.as_mut_slice().chunks_exact_mut(outs + size - channels);
        for ((y, (x, made)), modulation) in
            columns.zip(given).zip(modulation.chunks_exact(2 * outs))
        {
            let (y, condition) = y.split_at_mut(outs);
            let (gamma, beta) = modulation.split_at(outs);
            for (i, y) in y.iter_mut().enumerate() {
                *y = gamma[i] * made[i] + beta[i];
            }
            condition.copy_from_slice(&x[channels..]);
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, x, dy, dx, mut cx, .. } = pass;
        let (n, size, channels, outs) = (x.ncols(), In::SIZE, C::USIZE, F::Out::SIZE);
        let (wide, condition) = (outs + size - channels, size - channels);
        let (made, modulation) = (&tape.made[..outs * n], &tape.modulation[..2 * outs * n]);
        let dmade = &mut tape.dmade[..outs * n];
        let dmodulation = &mut tape.dmodulation[..2 * outs * n];
        let gradients = dmade.chunks_exact_mut(outs).zip(dmodulation.chunks_exact_mut(2 * outs));
        let values = made.chunks_exact(outs).zip(modulation.chunks_exact(2 * outs));
        for ((dy, (dmade, dmodulation)), (made, gamma)) in
            dy.as_slice().chunks_exact(wide).zip(gradients).zip(values)
        {
            let (dgamma, dbeta) = dmodulation.split_at_mut(outs);
            for i in 0..outs {
                (dmade[i], dgamma[i], dbeta[i]) = (gamma[i] * dy[i], made[i] * dy[i], dy[i]);
            }
        }
        let own = (&mut gradient.map.weight, &mut gradient.map.bias);
        let dcondition = &mut tape.dcondition[..condition * n];
        let given = (
            columns(&tape.condition[..condition * n]),
            columns_mut(dmodulation),
            dx.is_some().then(|| columns_mut(&mut *dcondition)),
        );
        tape.map.backward(as_slice(&params.map.weight), own, given, cx.inner());
        let dsignal = &mut tape.dsignal[..channels * n];
        declare::backward::<F, Vector<C>, T>(Backward {
            params: &params.layers,
            gradient: &mut gradient.layers,
            tape: &mut tape.layers,
            x: columns(&tape.signal[..channels * n]),
            ids: columns(&[]),
            y: columns(made),
            dy: columns_mut(dmade),
            dx: dx.is_some().then(|| columns_mut(&mut *dsignal)),
            cx: cx.inner(),
        });
        let Some(mut dx) = dx else { return };
        let dx = dx.as_mut_slice();
        rows::scatter(dx, dsignal, size, 0..channels);
        rows::scatter(dx, dcondition, size, channels..size);
        for (dx, dy) in dx.chunks_exact_mut(size).zip(dy.as_slice().chunks_exact(wide)) {
            let past = dx[channels..].iter_mut().zip(&dy[outs..]);
            past.for_each(|(dx, dy)| *dx += *dy);
        }
    }

    fn observe<T: Real>(stats: &mut Self::Stats<T>, tape: &Self::Tape<T>) {
        F::observe(stats, &tape.layers);
    }
}
