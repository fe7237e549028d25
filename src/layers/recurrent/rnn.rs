//! A simple recurrent layer (Elman, 1990).
//!
//! ```text
//! forward   h = tanh(W_ih x + W_hh h' + b), with h' the hidden values of the step before
//! backward  dh = dy + W_hh^T da of the step after    da = dh (1 - h^2)
//!           dW_ih = da x^T    dW_hh = da h'^T    db = sum of da    dx = W_ih^T da
//! ```
//!
//! Shapes: `x` is `In`, an image taken as a flat vector in the order channels, height, width; `y` is
//! `Vector<Hidden>`, the hidden values of every step. Columns are time-major: column `i` is step
//! `i / lanes` of lane `i % lanes`. `W_ih` is `Hidden x In`, `W_hh` is `Hidden x Hidden`, both
//! row-major as in a PyTorch `state_dict`; the bias is the sum of PyTorch's two.

use super::recurrent::{self, Cell, HiddenState, Recurrence, SetRow, before_and_after};
use crate::arguments::Value;
use crate::check::Check;
use crate::init::Init;
use crate::kernel::{Real, elementwise, recurrent::rnn};
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::plain::{self, Row, Rows};
use crate::shape::{Columns, ColumnsMut, Dimension, Shape, Vector};
use rand::Rng;

crate::layer! {
    /// A simple recurrent layer with `Hidden` units: `h = tanh(W_ih x + W_hh h' + b)`.
    ///
    /// `Rnn<100>`, or `Rnn<100>(Init::Orthogonal)` for other initial weights than normal ones with
    /// a variance of one over the number of inputs. It goes on from the state that the call before
    /// left; backward stops at the first step of a call.
    pub struct Rnn<Hidden>(Init);
}

crate::params! {
    /// The parameters of [`Rnn`].
    pub struct RnnParams<Hidden, In> {
        /// `Hidden x In`, row-major.
        pub weight_ih: Rows<T, Hidden, In>,
        /// `Hidden x Hidden`, row-major.
        pub weight_hh: Rows<T, Hidden, Hidden>,
        /// `Hidden`: of PyTorch's weights, the sum of `bias_ih` and `bias_hh`.
        pub bias: Row<T, Hidden>,
    }
}

impl<H: Dimension, In: Dimension, T: Real> RnnParams<H, In, T> {
    /// Takes over PyTorch's two biases.
    ///
    /// # Panics
    /// When one of them has not `Hidden` values.
    pub fn set_biases(&mut self, bias_ih: &[T], bias_hh: &[T]) {
        elementwise::zip_into(&mut self.bias, bias_ih, bias_hh, |a, b| a + b);
    }
}

impl<In: Shape, H: Dimension, V: Value<Init> + 'static> Layer<In> for Rnn<H, V> {
    type Out = Vector<H>;
    type Params<T: Real> = RnnParams<H, In::Features, T>;
    type Stats<T: Real> = ();
    type State<T: Real> = HiddenState<H, T>;
    type Tape<T: Real> = Recurrence<In, H, H, T>;

    const CHECK: Check = recurrent::check::<In, H>("Rnn");
    const OPERATIONS: usize = 2 * H::USIZE * (In::SIZE + H::USIZE);
    const NEEDS_OUTPUT: bool = true;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Saturating;

    fn init<T: Real>(
        params: &mut Self::Params<T>,
        _: &mut (),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        let weights = [
            plain::as_mut_slice(&mut params.weight_ih),
            plain::as_mut_slice(&mut params.weight_hh),
        ];
        recurrent::init::<In, H, H, T>(weights, V::VALUE, follows, rng);
    }

    fn forward<T: Real>(
        params: &Self::Params<T>,
        _: &(),
        state: &mut Self::State<T>,
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let weights =
            [plain::as_slice(&params.weight_ih), plain::as_slice(&params.weight_hh), &params.bias];
        let len = H::USIZE * cx.lanes;
        let y = y.as_mut_slice();
        let fill = |set: &mut SetRow<'_, T>| {
            for unit in 0..H::USIZE {
                let weights = (&params.weight_ih[unit][..], &params.weight_hh[unit][..]);
                set(0, unit, (weights.0, weights.1, params.bias[unit]), false);
            }
        };
        if tape.single(Cell::Rnn, fill, x, [&mut state.h, &mut []], y, cx) {
            return;
        }
        for step in 0..tape.enter(weights, &state.h, x, cx) {
            let (before, h) = before_and_after(y, &state.h, step, len);
            rnn::forward(h, tape.step(step, before, None));
        }
        if let Some(last) = y.len().checked_sub(len) {
            state.h[..len].copy_from_slice(&y[last..]);
        }
    }

    fn backward<T: Real>(
        params: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        pass: Backward<'_, In, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let (y, dy, len) = (pass.y.numbers(), pass.dy.as_slice(), H::USIZE * cx.lanes);
        tape.turn(plain::as_slice(&params.weight_hh), cx.lanes);
        for step in (0..dy.len() / len.max(1)).rev() {
            let of_step = step * len..(step + 1) * len;
            let (da, _, later) = tape.step_back(step, y, cx.lanes);
            da.copy_from_slice(later);
            rnn::backward(da, &dy[of_step.clone()], &y[of_step]);
            if step > 0 {
                later.fill(T::ZERO);
                tape.pass_back(step, None, cx.lanes);
            }
        }
        let gradients = [
            plain::as_mut_slice(&mut gradient.weight_ih),
            plain::as_mut_slice(&mut gradient.weight_hh),
            &mut gradient.bias[..],
        ];
        let weight_ih = plain::as_slice(&params.weight_ih);
        tape.gradients(weight_ih, gradients, pass, None, cx);
    }
}
