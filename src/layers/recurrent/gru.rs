//! A gated recurrent unit (Cho et al., 2014), in the form that PyTorch has.
//!
//! ```text
//! forward   (a_r, a_z, a_n) = W_ih x + b_ih    (b_r, b_z, s) = W_hh h' + b_hh
//!           r = sigmoid(a_r + b_r)   z = sigmoid(a_z + b_z)   n = tanh(a_n + r s)
//!           h = (1 - z) n + z h',    with h' of the step before
//! backward  dh = dy + dh' of the step after, where dh' = dh z + W_hh^T (da_r, da_z, ds)
//!           da_z = dh (h' - n) z (1 - z)    da_n = dh (1 - z) (1 - n^2)
//!           da_r = da_n s r (1 - r)         ds = da_n r
//!           dW_ih = da x^T    dW_hh = (da_r, da_z, ds) h'^T    dx = W_ih^T da
//!           db_ih = sum of da    db_hh = sum of (da_r, da_z, ds)
//! ```
//!
//! Shapes: `x` is `In`, an image taken as a flat vector in the order channels, height, width; `y` is
//! `Vector<Hidden>`, the hidden values of every step. `W_ih` is `3 Hidden x In` and `W_hh` is
//! `3 Hidden x Hidden`, row-major with the gates in the order r, z, n as in a PyTorch `state_dict`,
//! whose two biases of `3 Hidden` each there are as well.

use super::{Recurrence, RecurrentParams, RecurrentState, check, init};
use crate::kernel::Real;
use crate::kernel::recurrent::{Cell, Number, Squash};
use crate::layer::{Backward, Forward, Init, Layer, Nonlinearity, UNLIMITED, Value};
use crate::shape::{Check, Dimension, Shape, Vector};
use rand::Rng;
use typenum::U3;

crate::layer! {
    /// A gated recurrent unit with `Hidden` units.
    ///
    /// `Gru<100>`, or `Gru<100>(Init::Orthogonal)` for other initial weights than normal ones with
    /// a variance of one over the number of inputs. It goes on from the state that the call before
    /// left; backward stops at the first step of a call.
    pub struct Gru<Hidden>(Init);
}

/// The equations, once for all sizes of the layer: of the gates r and z, of s, and of `a_n`, which
/// becomes n.
impl Cell<4> for Gru {
    const SQUASH: [Squash; 4] =
        [Squash::Sigmoid, Squash::Sigmoid, Squash::Nothing, Squash::Nothing];
    const APART: usize = 1;

    #[inline(always)]
    fn forward<N: Number>([r, z, s, a]: [N; 4], before: N) -> ([N; 4], N, N) {
        let n = a.add_mul(r, s).tanh();
        let h = (z * before).add_mul(N::of(1.0) - z, n);
        ([r, z, s, n], h, h)
    }

    #[inline(always)]
    fn backward<N: Number>([r, z, s, n]: [N; 4], before: N, _: N, dh: N, _: N) -> ([N; 4], N) {
        let da = dh * (N::of(1.0) - z) * (N::of(1.0) - n * n);
        ([da * s, dh * (before - n), da * r, da], dh * z)
    }
}

impl<In: Shape, H: Dimension, V: Value<Init> + 'static> Layer<In> for Gru<H, V> {
    type Out = Vector<H>;
    crate::keeps! {
        params: RecurrentParams<H, <U3 as Dimension>::Times<H>, In::Features, T>,
        state: RecurrentState<Gru, 4, H, T>,
        tape: Recurrence<Gru, 4, In, H, T>,
    }

    const CHECK: Check = check::<H>("Gru");
    const OPERATIONS: usize = 6 * H::USIZE * (In::SIZE + H::USIZE);
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
        Recurrence::forward::<_, H, _>(pass);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        Recurrence::backward::<_, H, _>(pass);
    }
}
