//! A simple recurrent layer (Elman, 1990).
//!
//! ```text
//! forward   h = tanh(W_ih x + b_ih + W_hh h' + b_hh), with h' the hidden values of the step before
//! backward  dh = dy + W_hh^T da of the step after    da = dh (1 - h^2)
//!           dW_ih = da x^T    dW_hh = da h'^T    db_ih = db_hh = sum of da
//!           dx = W_ih^T da
//! ```
//!
//! Shapes: `x` is `In`, an image taken as a flat vector in the order channels, height, width; `y` is
//! `Vector<Hidden>`, the hidden values of every step. `W_ih` is `Hidden x In` and `W_hh` is
//! `Hidden x Hidden`, row-major as in a PyTorch `state_dict`, whose two biases of
//! `Hidden` each there are as well.

use super::{Recurrence, RecurrentParams, RecurrentState, check, init};
use crate::kernel::Real;
use crate::kernel::recurrent::{Cell, Number, Squash};
use crate::layer::{Backward, Forward, Init, Layer, Nonlinearity, UNLIMITED, Value};
use crate::shape::{Check, Dimension, Shape, Vector};
use rand::Rng;
use typenum::U0;

crate::layer! {
    /// A simple recurrent layer with `Hidden` units: `h = tanh(W_ih x + b_ih + W_hh h' + b_hh)`.
    ///
    /// `Rnn<100>`, or `Rnn<100>(Init::Orthogonal)` for other initial weights than normal ones with
    /// a variance of one over the number of inputs. It goes on from the state that the call before
    /// left; backward stops at the first step of a call.
    pub struct Rnn<Hidden>(Init);
}

/// The equations, once for all sizes of the layer.
impl Cell<1> for Rnn {
    const SQUASH: [Squash; 1] = [Squash::Tanh];

    #[inline(always)]
    fn forward<N: Number>([h]: [N; 1], _: N) -> ([N; 1], N, N) {
        ([h], h, h)
    }

    #[inline(always)]
    fn backward<N: Number>(_: [N; 1], _: N, _: N, dh: N, _: N) -> ([N; 1], N) {
        ([dh], N::of(0.0))
    }
}

impl<In: Shape, H: Dimension, V: Value<Init> + 'static> Layer<In> for Rnn<H, V> {
    type Out = Vector<H>;
    crate::keeps! {
        params: RecurrentParams<H, H, In::Features, T>,
        state: RecurrentState<Rnn, 1, H, T>,
        tape: Recurrence<Rnn, 1, In, H, T>,
    }

    const CHECK: Check = check::<H>("Rnn");
    const OPERATIONS: usize = 2 * H::USIZE * (In::SIZE + H::USIZE);
    const NEEDS_OUTPUT: bool = true;
    const LOOKS_BACK: usize = UNLIMITED;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Saturating;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        init(params, V::VALUE, follows, rng);
    }

    #[inline]
    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        Recurrence::forward::<_, U0, _>(pass);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        Recurrence::backward::<_, U0, _>(pass);
    }
}
