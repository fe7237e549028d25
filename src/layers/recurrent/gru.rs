//! A gated recurrent unit (Cho et al., 2014), in the form that PyTorch has.
//!
//! ```text
//! forward   (a_r, a_z, a_n) = W_ih x + b    (b_r, b_z, s) = W_hh h' + (0, 0, b_hn)
//!           r = sigmoid(a_r + b_r)   z = sigmoid(a_z + b_z)   n = tanh(a_n + r s)
//!           h = (1 - z) n + z h',    with h' of the step before
//! backward  dh = dy + dz-part and gate-part of the step after:  dh' = dh z + W_hh^T (da_r, da_z, ds)
//!           da_z = dh (h' - n) z (1 - z)    da_n = dh (1 - z) (1 - n^2)
//!           da_r = da_n s r (1 - r)         ds = da_n r
//!           dW_ih = da x^T    dW_hh = (da_r, da_z, ds) h'^T    dx = W_ih^T da
//!           db = sum of da    db_hn = sum of ds
//! ```
//!
//! Shapes: `x` is `In`, an image taken as a flat vector in the order channels, height, width; `y` is
//! `Vector<Hidden>`, the hidden values of every step. Columns are time-major: column `i` is step
//! `i / lanes` of lane `i % lanes`. `W_ih` is `3 Hidden x In` and `W_hh` is `3 Hidden x Hidden`,
//! row-major with the gates in the order r, z, n as in a PyTorch `state_dict`. The reset gate scales
//! `b_hn`, so this part of PyTorch's second bias stays apart; the others are summed in `b`.

use super::recurrent::{self, Cell, HiddenState, Recurrence, SetRow, before_and_after};
use crate::arguments::Value;
use crate::check::Check;
use crate::init::Init;
use crate::kernel::{Buffer, Real, columns, elementwise, recurrent::gru};
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::memory::{Memory, Tape};
use crate::plain::{self, Row, Rows};
use crate::shape::{Columns, ColumnsMut, Dimension, Shape, Vector};
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

crate::params! {
    /// The parameters of [`Gru`]; `Gates` is three times `Hidden`, in the order r, z, n.
    pub struct GruParams<Hidden, Gates, In> {
        /// `3 Hidden x In`, row-major.
        pub weight_ih: Rows<T, Gates, In>,
        /// `3 Hidden x Hidden`, row-major.
        pub weight_hh: Rows<T, Gates, Hidden>,
        /// `3 Hidden`: of PyTorch's weights, `bias_ih`, with `bias_hh` added for r and z.
        pub bias: Row<T, Gates>,
        /// `Hidden`: of PyTorch's weights, the part of `bias_hh` for n.
        pub bias_hn: Row<T, Hidden>,
    }
}

impl<H: Dimension, G: Dimension, In: Dimension, T: Real> GruParams<H, G, In, T> {
    /// Takes over PyTorch's two biases.
    ///
    /// # Panics
    /// When one of them has not `3 Hidden` values.
    pub fn set_biases(&mut self, bias_ih: &[T], bias_hh: &[T]) {
        self.bias.copy_from_slice(bias_ih);
        assert_eq!(bias_hh.len(), bias_ih.len(), "biases of a GRU");
        let (gates, candidate) = bias_hh.split_at(2 * H::USIZE);
        elementwise::add(&mut self.bias[..2 * H::USIZE], gates);
        self.bias_hn.copy_from_slice(candidate);
    }
}

/// What [`Gru`] keeps.
pub struct GruTape<In: Shape, H: Dimension, T: Real> {
    time: Recurrence<In, H, U3Times<H>, T>,
    /// `Hidden x columns`: `s` of each step, then the gradient by it.
    kept: Buffer<T>,
    /// `3 Hidden x lanes`: `b_r`, `b_z` and `s` of one step.
    product: Buffer<T>,
}

/// Three times as many.
type U3Times<H> = <U3 as Dimension>::Times<H>;

impl<In: Shape, H: Dimension, T: Real> Tape for GruTape<In, H, T> {
    const MEMORY: Memory =
        <Recurrence<In, H, U3Times<H>, T> as Tape>::MEMORY.and(Memory::per_column(4 * H::USIZE));

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        Self {
            time: Tape::new(columns, lanes, training),
            kept: Buffer::zeroed(H::USIZE * columns),
            product: Buffer::zeroed(3 * H::USIZE * lanes),
        }
    }
}

impl<In: Shape, H: Dimension, V: Value<Init> + 'static> Layer<In> for Gru<H, V> {
    type Out = Vector<H>;
    type Params<T: Real> = GruParams<H, U3Times<H>, In::Features, T>;
    type Stats<T: Real> = ();
    type State<T: Real> = HiddenState<H, T>;
    type Tape<T: Real> = GruTape<In, H, T>;

    const CHECK: Check = recurrent::check::<In, H>("Gru");
    const OPERATIONS: usize = 6 * H::USIZE * (In::SIZE + H::USIZE);
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
        recurrent::init::<In, H, U3Times<H>, T>(weights, V::VALUE, follows, rng);
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
        let (hidden, y) = (H::USIZE, y.as_mut_slice());
        let GruTape { time, kept, product } = tape;
        let fill = |set: &mut SetRow<'_, T>| {
            for row in 0..2 * hidden {
                let weights = (&params.weight_ih[row][..], &params.weight_hh[row][..]);
                set(row / hidden, row % hidden, (weights.0, weights.1, params.bias[row]), true);
            }
            // What of n comes from the hidden values, and what from the input.
            let (no_input, no_hidden) = (Row::<T, In::Features>::default(), Row::<T, H>::default());
            for unit in 0..hidden {
                let row = 2 * hidden + unit;
                set(2, unit, (&no_input, &params.weight_hh[row], params.bias_hn[unit]), false);
                set(3, unit, (&params.weight_ih[row], &no_hidden, params.bias[row]), false);
            }
        };
        if time.single(Cell::Gru, fill, x, [&mut state.h, &mut []], y, cx) {
            return;
        }
        let weights =
            [plain::as_slice(&params.weight_ih), plain::as_slice(&params.weight_hh), &params.bias];
        let len = hidden * cx.lanes;
        let product = &mut product[..3 * len];
        for step in 0..time.enter(weights, &state.h, x, cx) {
            let (before, h) = before_and_after(y, &state.h, step, len);
            for product in product.chunks_exact_mut(3 * hidden) {
                product[..2 * hidden].fill(T::ZERO);
                product[2 * hidden..].copy_from_slice(&params.bias_hn);
            }
            let gates = time.step(step, before, Some(product));
            let kept = &mut kept[step * len..][..len];
            gru::forward(gru::Forward { hidden, gates, recurrent: product, before, kept, h });
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
        let GruTape { time, kept, .. } = tape;
        time.turn(plain::as_slice(&params.weight_hh), cx.lanes);
        for step in (0..dy.len() / len.max(1)).rev() {
            let (dh, kept) = (&dy[step * len..][..len], &mut kept[step * len..][..len]);
            let (gates, before, later) = time.step_back(step, y, cx.lanes);
            gru::backward(gru::Backward { hidden: H::USIZE, gates, before, kept, dh, later });
            if step > 0 {
                time.pass_back(step, Some(kept), cx.lanes);
            }
        }
        let kept = &kept[..dy.len()];
        if !cx.accumulate {
            gradient.bias_hn.fill(T::ZERO);
        }
        columns::add_sum(&mut gradient.bias_hn, kept);
        let gradients = [
            plain::as_mut_slice(&mut gradient.weight_ih),
            plain::as_mut_slice(&mut gradient.weight_hh),
            &mut gradient.bias[..],
        ];
        let weight_ih = plain::as_slice(&params.weight_ih);
        time.gradients(weight_ih, gradients, pass, Some(kept), cx);
    }
}
