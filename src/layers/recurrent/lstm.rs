//! A long short-term memory (Hochreiter and Schmidhuber, 1997; Gers et al., 2000).
//!
//! ```text
//! forward   (a_i, a_f, a_g, a_o) = W_ih x + b_ih + W_hh h' + b_hh
//!           i = sigmoid(a_i)   f = sigmoid(a_f)   g = tanh(a_g)   o = sigmoid(a_o)
//!           c = f c' + i g     h = o tanh(c)
//!           with h' and c' of the step before
//! backward  dh = dy + W_hh^T da of the step after
//!           dc = dh o (1 - tanh(c)^2) + dc f of the step after
//!           da_i = dc g i (1 - i)    da_f = dc c' f (1 - f)
//!           da_g = dc i (1 - g^2)    da_o = dh tanh(c) o (1 - o)
//!           dW_ih = da x^T    dW_hh = da h'^T    db_ih = db_hh = sum of da
//!           dx = W_ih^T da
//! ```
//!
//! Shapes: `x` is `In`, an image taken as a flat vector in the order channels, height, width; `y` is
//! `Vector<Hidden>`, the hidden values of every step. `W_ih` is `4 Hidden x In` and `W_hh` is
//! `4 Hidden x Hidden`, row-major with the gates in the order i, f, g, o as in a PyTorch
//! `state_dict`, whose two biases of `4 Hidden` each there are as well.

use super::{Recurrence, RecurrentParams, RecurrentState, check, init};
use crate::kernel::Real;
use crate::kernel::recurrent::{Cell, Number, Squash};
use crate::layer::{Backward, Forward, Init, Layer, Nonlinearity, UNLIMITED, Value};
use crate::shape::{Check, Dimension, Shape, Vector};
use rand::Rng;
use typenum::{U0, U4};

crate::layer! {
    /// A long short-term memory with `Hidden` units.
    ///
    /// `Lstm<100>`, or `Lstm<100>(Init::Orthogonal)` for other initial weights than normal ones
    /// with a variance of one over the number of inputs. It goes on from the state that the call
    /// before left; backward stops at the first step of a call.
    ///
    /// ```
    /// use formwork::data::{Batch, Tokens};
    /// use formwork::prelude::*;
    /// use rand::SeedableRng;
    ///
    /// network! {
    ///     struct Speaker: Token<5> => Vector<5> {
    ///         embed: Embedding<4>,
    ///         lstm: Lstm<8>,
    ///         fc: Dense<5>,
    ///     }
    /// }
    ///
    /// let model = Model::<Speaker>::new(&mut Generator::seed_from_u64(1));
    /// // Two sequences side by side, three steps at once,
    /// let mut whole = Inference::<Speaker>::with_lanes(6, 2);
    /// let tokens = vec![0, 1, 2, 3, 4, 0];
    /// let all = whole.run(&model, &Batch::<Tokens<5>>::from_vec(tokens.clone())?);
    /// // or one after the other: the state carries over.
    /// let mut single = Inference::<Speaker>::with_lanes(2, 2);
    /// for (i, step) in tokens.chunks(2).enumerate() {
    ///     let logits = single.run(&model, &Batch::from_vec(step.to_vec())?);
    ///     assert!((logits - all.columns(2 * i, 2)).amax() < 1e-6);
    /// }
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    pub struct Lstm<Hidden>(Init);
}

/// The equations, once for all sizes of the layer: of the gates i, f, g and o.
impl Cell<4> for Lstm {
    const SQUASH: [Squash; 4] = [Squash::Sigmoid, Squash::Sigmoid, Squash::Tanh, Squash::Sigmoid];
    const CELLS: bool = true;

    #[inline(always)]
    fn forward<N: Number>([i, f, g, o]: [N; 4], before: N) -> ([N; 4], N, N) {
        let c = f * before + i * g;
        ([i, f, g, o], c, o * c.tanh())
    }

    #[inline(always)]
    fn backward<N: Number>([i, f, g, o]: [N; 4], before: N, c: N, dh: N, dc: N) -> ([N; 4], N) {
        let squashed = c.tanh();
        let dc = dc + dh * o * (N::of(1.0) - squashed * squashed);
        ([dc * g, dc * before, dc * i, dh * squashed], dc * f)
    }
}

impl<In: Shape, H: Dimension, V: Value<Init> + 'static> Layer<In> for Lstm<H, V> {
    type Out = Vector<H>;
    crate::keeps! {
        params: RecurrentParams<H, <U4 as Dimension>::Times<H>, In::Features, T>,
        state: RecurrentState<Lstm, 4, H, T>,
        tape: Recurrence<Lstm, 4, In, H, T>,
    }

    const CHECK: Check = check::<H>("Lstm");
    const OPERATIONS: usize = 8 * H::USIZE * (In::SIZE + H::USIZE);
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
