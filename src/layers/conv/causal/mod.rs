//! A convolution over time that looks back only.
//!
//! ```text
//! forward   y[f, i] = b[f] + sum over c, k of W[f, c, k] x[c, t - D (K - 1 - k)]
//! backward  dW[f, c, k] = sum over i of dy[f, i] x[c, t - D (K - 1 - k)]
//!           db[f] = sum over i of dy[f, i]
//!           dx[c, s] = sum over f, k of W[f, c, k] dy[f, i] where t - D (K - 1 - k) = s
//! ```
//!
//! with dilation `D` and, of a stride `S`, `t = S i + S - 1`: of every `S` steps, the last one counts.
//! Before the first step, `x` is 0; what came before the first step of a call is
//! carried over from the call before. With groups, `c` and `f` run through one group's share.
//!
//! Shapes: time is columns, as for a recurrent layer: `x` is `Vector<C>` and `y` is `Vector<Out>`, of
//! every step, or of one for each `S`. `W` is `Out x C / groups x K`, row-major, as that of a `Conv1d` in a PyTorch
//! `state_dict`, whose padding on the left is the history here: `D (K - 1) - (S - 1)` steps of it.

mod history;
mod strided;
mod tape;
mod transposed;

pub use history::History;
pub(crate) use history::Run;
pub use tape::CausalTape;
pub use transposed::{CausalConvTranspose1d, CausalConvTranspose1dParams, CausalTransposeTape};

use super::{Biases, Conv1dParams, Count, Filters, Share, Width};
use crate::kernel::Real;
use crate::layer::{Backward, Forward, Fusion, Init, Layer, Nonlinearity, Steps, Value, as_slice};
use crate::layers::window::{Slide, Still};
use crate::shape::{Check, Dimension, Shape, Vector};
use rand::Rng;
use typenum::{U0, U1, Unsigned};

crate::layer! {
    /// A convolution over time with `Out` filters of length `Kernel` that look back only:
    /// `CausalConv1d<16, 3, dilation = 4>`.
    ///
    /// Keyed arguments: `dilation` (1), `groups` (1), `bias` (1; 0 for none) and `stride` (1). It goes on from the
    /// history that the call before left, of `(Kernel - 1) dilation` steps; backward stops at the
    /// first step of a call. However a sequence is split into calls, the outputs have the same bits.
    ///
    /// With a stride, so many steps go in at a time, and one comes out that looks back from the last of
    /// them: a call takes a multiple of the stride.
    ///
    /// ```
    /// use formwork::data::{Batch, Grid};
    /// use formwork::prelude::*;
    /// use rand::SeedableRng;
    ///
    /// network! {
    ///     struct Echo: Vector<1> => Vector<1> {
    ///         conv1: CausalConv1d<4, 3>,
    ///         Tanh,
    ///         conv2: CausalConv1d<1, 3, dilation = 2>,
    ///     }
    /// }
    /// assert_eq!(Echo::RECEPTIVE_FIELD, 1 + 2 + 2 * 2);
    ///
    /// let model = Model::<Echo>::new(&mut Generator::seed_from_u64(1));
    /// let signal = vec![0.5, -0.5, 0.25, 0.0, 1.0];
    /// let mut whole = Inference::<Echo>::with_lanes(5, 1);
    /// let all = whole.run(&model, &Batch::<Grid<1>>::from_vec(signal.clone())?);
    /// // Sample by sample it is the same.
    /// let mut stream = Stream::new(&model, 1);
    /// for (i, sample) in signal.iter().enumerate() {
    ///     assert_eq!(stream.step(&[*sample])[0], all[i]);
    /// }
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    pub struct CausalConv1d<
        Out, Kernel; dilation: Dilation = U1, groups: Groups = U1, bias: Bias = U1, stride: Stride = U1
    >(Init);
}

impl<Out, K, D, G, B, S, V> Filters for CausalConv1d<Out, K, D, G, B, S, V>
where
    Out: Dimension,
    K: Dimension,
    D: Dimension,
    G: Dimension,
    B: Dimension,
    S: Dimension,
    V: Value<Init> + 'static,
{
    type Count = Out;
    type Down = Still;
    type Across = (K, S, (U0, U0), D, U0, U0);
    type Groups = G;
    type Bias = B;
    type Init = V;
}

impl<In: Shape, Out, K, D, G, B, S, V> Layer<In> for CausalConv1d<Out, K, D, G, B, S, V>
where
    K: Dimension,
    D: Dimension,
    S: Dimension,
    Self: Filters<Down = Still, Across = (K, S, (U0, U0), D, U0, U0)>,
{
    type Out = Vector<Count<Self>>;
    crate::keeps! {
        params: Conv1dParams<
            Count<Self>, Share<Self, In::Channels>, Width<Self>, Biases<Self>, T
        >,
        state: History<In::Channels, K, D, T>,
        tape: CausalTape<Self, In, T>,
    }

    const CHECK: Check = {
        let [_, height, width] = In::DIMS;
        Check::require(
            height * width == 1,
            "time is columns for CausalConv1d: it takes a vector of channels, that of a step, but is \
             given `{}`",
        )
        .shape::<In>()
        .and(super::filters::<Self>("CausalConv1d"))
        .and(Check::require(K::USIZE > 0, "a filter of length 0 covers nothing"))
        .and(Check::require(
            D::USIZE > 0,
            "a dilation of 0 puts all taps of the filter on one step; 1 is none",
        ))
        .and(Check::require(S::USIZE > 0, "a stride of 0 never leaves the first step; 1 is none"))
        .and(super::groups::<Self, In>())
    };
    const OPERATIONS: usize = <Self as Layer<In>>::STEPS.of(Count::<Self>::USIZE
        .saturating_mul(2)
        .saturating_mul(Share::<Self, In::Channels>::USIZE)
        .saturating_mul(K::USIZE));
    const STEPS: Steps = Steps::Rate { takes: S::USIZE, gives: 1 };
    const FUSION: Fusion = super::FUSION;
    const LOOKS_BACK: usize = History::<In::Channels, K, D, f32>::STEPS;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        super::init::<Self, In, T>(&mut params.weight, follows, rng);
    }

    #[inline]
    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, state, tape, x, mut y, cx, .. } = pass;
        tape.pack(&params.weight, &params.bias, &cx);
        tape.keep(state, &cx);
        let lanes = cx.lanes_of(x.ncols());
        let (x, y) = ((x.as_slice(), In::SIZE), (y.as_mut_slice(), Count::<Self>::USIZE));
        let (filters, rectify) = (&tape.filters, cx.fused.after);
        if S::USIZE == 1 {
            state.filter::<Share<Self, In::Channels>, Share<Self, Count<Self>>>(
                filters, x, y, lanes, rectify,
            );
        } else {
            state.filter_last_of::<S, Share<Self, In::Channels>, Share<Self, Count<Self>>>(
                filters, x, y, lanes, rectify,
            );
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, x, dy, dx, cx, .. } = pass;
        let gradient = (&mut gradient.weight, &mut gradient.bias);
        tape.backward(as_slice(&params.weight), gradient, (x, dy, dx), cx);
    }
}

/// The steps from one output to the next.
const fn stride<L: Filters>() -> usize {
    L::Across::STRIDE
}

/// The steps from one tap to the next.
const fn dilation<L: Filters>() -> usize {
    L::Across::DILATION
}
