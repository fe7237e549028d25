//! A transposed convolution over time: it makes several steps of each.
//!
//! ```text
//! forward   y[f, n] = b[f] + sum over c, t, k of W[c, f, k] x[c, t] where S t + k = n
//! backward  dW[c, f, k] = sum over t of x[c, t] dy[f, S t + k]
//!           db[f] = sum over n of dy[f, n]
//!           dx[c, t] = sum over f, k of W[c, f, k] dy[f, S t + k]
//! ```
//!
//! with stride `S`. Where filters are longer than the stride they overlap, and what they add up to is
//! due `K - S` steps beyond those of the last step that came in: it is carried over to the next call.
//! Seen from the outputs, it is a causal convolution of `ceil(K / S)` taps with `S Out` filters, of which
//! those of the phase `r` make the steps `S t + r`; and so it is computed.
//!
//! Shapes: time is columns: `x` is `Vector<C>` and `y` is `Vector<Out>`, of `S` steps for each. `W` is
//! `C x Out x K`, row-major, as that of a `ConvTranspose1d` in a PyTorch `state_dict`, whose last `K - S`
//! steps are those that are due.

use super::{CausalConv1d, History};
use crate::kernel::{Buffer, Real};
use crate::layer::{
    Backward, Context, Forward, Init, Layer, Memory, Nonlinearity, Plain, Row, Scratch, Steps,
    Tape, Taps, Value, as_mut_slice, as_slice, zeroed,
};
use crate::layers::switch::switch;
use crate::shape::{Check, Dimension, Shape, Vector, columns, columns_mut};
use alloc::boxed::Box;
use rand::Rng;
use typenum::{U1, Unsigned};

crate::layer! {
    /// A transposed convolution over time to `Out` channels with filters of length `Kernel`:
    /// `CausalConvTranspose1d<8, 4, stride = 2>` makes two steps of each.
    ///
    /// Keyed arguments: `stride` (1) and `bias` (1; 0 for none). A step comes out as soon as all is
    /// known that is added up in it, so the last steps of filters longer than the stride, `Kernel - stride`
    /// of them, stay in the state: they are added to what the next call makes, and after the last call
    /// they are not heard, unless as many steps of zeros follow. However a sequence is split into calls,
    /// the outputs have the same bits; backward stops at the first step of a call.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Codec: Vector<1> => Vector<1> {
    ///         down: CausalConv1d<8, 8, stride = 4>,
    ///         Elu,
    ///         up: CausalConvTranspose1d<1, 8, stride = 4>,
    ///     }
    /// }
    /// // Four samples at a time, and four before them that are looked back on for each.
    /// assert_eq!(Codec::RECEPTIVE_FIELD, 8 + 4);
    /// ```
    pub struct CausalConvTranspose1d<Out, Kernel; stride: Stride = U1, bias: Bias = U1>(Init);
}

crate::params! {
    /// The parameters of [`CausalConvTranspose1d`].
    pub struct CausalConvTranspose1dParams<Channels, Filters, Length, Biases> {
        /// `channels x filters x length`.
        pub weight: Taps<T, Channels, Filters, Length>,
        /// A bias for each output channel, or nothing.
        pub bias: Row<T, Biases>,
    }
}

/// The taps of each phase: `ceil(Kernel / Stride)`.
type Overlap<K, S> = <<<K as Dimension>::Plus<S> as Dimension>::Minus<U1> as Dimension>::Over<S>;

/// The convolution that makes all phases of each step.
type Phases<Out, K, S, B> = CausalConv1d<<Out as Dimension>::Times<S>, Overlap<K, S>, U1, U1, B>;

/// What a transposed convolution keeps, of which `L` makes all phases.
pub struct CausalTransposeTape<L: Layer<In>, In: Shape, T: Real> {
    conv: L::Tape<T>,
    /// The weights as those of all phases, and the gradient by them.
    params: Box<L::Params<T>>,
    gradient: Option<Box<L::Params<T>>>,
    /// `Stride Out x columns`: all phases of each step, or the gradient by them; none of one lane, where
    /// they lie as they come out.
    phases: Buffer<T>,
}

impl<L: Layer<In>, In: Shape, T: Real> Tape for CausalTransposeTape<L, In, T> {
    const MEMORY: Memory = <L::Tape<T> as Tape>::MEMORY.and(Self::OWN).and(Self::WEIGHTS);
    const INFERENCE: Memory = <L::Tape<T> as Tape>::INFERENCE.and(Self::OWN);
    const SCRATCH: Scratch = <L::Tape<T> as Tape>::SCRATCH;

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        Self {
            conv: Tape::new(columns, lanes, training),
            params: zeroed(),
            gradient: training.then(zeroed),
            phases: Buffer::zeroed(if lanes > 1 { L::Out::SIZE * columns } else { 0 }),
        }
    }
}

impl<L: Layer<In>, In: Shape, T: Real> CausalTransposeTape<L, In, T> {
    const WEIGHTS: Memory = Memory::fixed(<L::Params<T> as Plain<T>>::LEN);
    const OWN: Memory = Self::WEIGHTS.and(Memory::per_column(L::Out::SIZE));
}

impl<In: Shape, Out, K, S, B, V> Layer<In> for CausalConvTranspose1d<Out, K, S, B, V>
where
    Out: Dimension,
    K: Dimension,
    S: Dimension,
    B: Dimension,
    V: Value<Init> + 'static,
{
    type Out = Vector<Out>;
    crate::keeps! {
        params: CausalConvTranspose1dParams<In::Channels, Out, K, Out::Times<B>, T>,
        state: History<In::Channels, Overlap<K, S>, U1, T>,
        tape: CausalTransposeTape<Phases<Out, K, S, B>, In, T>,
    }

    const CHECK: Check = {
        let [_, height, width] = In::DIMS;
        Check::require(
            height * width == 1,
            "time is columns for CausalConvTranspose1d: it takes a vector of channels, that of a step, \
             but is given `{}`",
        )
        .shape::<In>()
        .and(Check::require(Out::USIZE > 0, "CausalConvTranspose1d needs at least one filter"))
        .and(Check::require(K::USIZE > 0, "a filter of length 0 covers nothing"))
        .and(Check::require(S::USIZE > 0, "a stride of 0 puts all steps on one; 1 is none"))
        .and(switch("bias", B::USIZE, ["a bias", "none"]))
    };
    const OPERATIONS: usize =
        In::SIZE.saturating_mul(2).saturating_mul(Out::USIZE).saturating_mul(K::USIZE);
    const STEPS: Steps = Steps::Rate { takes: 1, gives: S::USIZE };
    const LOOKS_BACK: usize = Overlap::<K, S>::USIZE.saturating_sub(1);

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        // The stride leaves each output that part of the taps.
        let fan_in = (In::SIZE * K::USIZE / S::USIZE.max(1)).max(1);
        let fans = (fan_in, Out::USIZE * K::USIZE);
        let init = V::VALUE.unwrap_or_default();
        init.fill(as_mut_slice::<T, _>(&mut params.weight), In::SIZE, fans, follows, rng);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, state, tape, x, ids, mut y, mut cx, .. } = pass;
        if !cx.unchanged {
            let (phases, weight) =
                (as_mut_slice(&mut tape.params.weight), as_slice(&params.weight));
            each_weight::<Out, K, S>(In::SIZE, |at, phase| phases[phase] = weight[at]);
            for (i, to) in tape.params.bias.iter_mut().enumerate() {
                *to = params.bias[i % Out::USIZE];
            }
        }
        let CausalTransposeTape { conv, params, phases, .. } = tape;
        let (len, lanes) = (y.len(), cx.lanes);
        let to = if lanes > 1 { &mut phases[..len] } else { y.as_mut_slice() };
        <Phases<Out, K, S, B> as Layer<In>>::forward(Forward {
            params,
            stats: &(),
            state,
            tape: conv,
            x,
            ids,
            y: columns_mut(to),
            cx: cx.inner(),
        });
        if lanes > 1 {
            for (phase, step) in places::<Out, S>(len, lanes) {
                y.as_mut_slice()[step..][..Out::USIZE]
                    .copy_from_slice(&phases[phase..][..Out::USIZE]);
            }
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { gradient, tape, x, ids, mut dy, dx, mut cx, .. } = pass;
        let (len, lanes) = (dy.len(), cx.lanes);
        let CausalTransposeTape { conv, params, gradient: Some(own), phases, .. } = tape else {
            return;
        };
        if lanes > 1 {
            for (phase, step) in places::<Out, S>(len, lanes) {
                phases[phase..][..Out::USIZE].copy_from_slice(&dy.as_slice()[step..][..Out::USIZE]);
            }
        }
        let dphases = if lanes > 1 { &mut phases[..len] } else { dy.as_mut_slice() };
        <Phases<Out, K, S, B> as Layer<In>>::backward(Backward {
            params,
            gradient: own,
            tape: conv,
            x,
            ids,
            y: columns(&[]),
            dy: columns_mut(dphases),
            dx,
            cx: Context { accumulate: false, ..cx.inner() },
        });
        cx.start(gradient);
        let (weight, of_phases) = (as_mut_slice(&mut gradient.weight), as_slice(&own.weight));
        each_weight::<Out, K, S>(In::SIZE, |at, phase| weight[at] += of_phases[phase]);
        for (i, &of_phase) in own.bias.iter().enumerate() {
            gradient.bias[i % Out::USIZE] += of_phase;
        }
    }
}

/// Calls `each` with the place of every weight, and with that among those of all phases.
fn each_weight<Out: Dimension, K: Dimension, S: Dimension>(
    channels: usize,
    mut each: impl FnMut(usize, usize),
) {
    let (outs, kernel, stride) = (Out::USIZE, K::USIZE, S::USIZE);
    let taps = Overlap::<K, S>::USIZE;
    for channel in 0..channels {
        for out in 0..outs {
            for k in 0..kernel {
                let (phase, tap) = (k % stride, taps - 1 - k / stride);
                let filter = phase * outs + out;
                each(
                    (channel * outs + out) * kernel + k,
                    (filter * channels + channel) * taps + tap,
                );
            }
        }
    }
}

/// Where each column that comes out lies among all phases of each step, and where among the steps, of so
/// many numbers in all.
fn places<Out: Dimension, S: Dimension>(
    len: usize,
    lanes: usize,
) -> impl Iterator<Item = (usize, usize)> {
    (0..len / Out::USIZE).map(move |column| {
        let (step, phase, lane) =
            (column / (S::USIZE * lanes), column / lanes % S::USIZE, column % lanes);
        (((step * lanes + lane) * S::USIZE + phase) * Out::USIZE, column * Out::USIZE)
    })
}
