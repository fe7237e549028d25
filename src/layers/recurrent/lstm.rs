//! A long short-term memory (Hochreiter and Schmidhuber, 1997; Gers et al., 2000).
//!
//! ```text
//! forward   (a_i, a_f, a_g, a_o) = W_ih x + W_hh h' + b
//!           i = sigmoid(a_i)   f = sigmoid(a_f)   g = tanh(a_g)   o = sigmoid(a_o)
//!           c = f c' + i g     h = o tanh(c)
//!           with h' and c' of the step before
//! backward  dh = dy + W_hh^T da of the step after
//!           dc = dh o (1 - tanh(c)^2) + dc f of the step after
//!           da_i = dc g i (1 - i)    da_f = dc c' f (1 - f)
//!           da_g = dc i (1 - g^2)    da_o = dh tanh(c) o (1 - o)
//!           dW_ih = da x^T    dW_hh = da h'^T    db = sum of da    dx = W_ih^T da
//! ```
//!
//! Shapes: `x` is `In`, an image taken as a flat vector in the order channels, height, width; `y` is
//! `Vector<Hidden>`, the hidden values of every step. Columns are time-major: column `i` is step
//! `i / lanes` of lane `i % lanes`. `W_ih` is `4 Hidden x In` and `W_hh` is `4 Hidden x Hidden`,
//! row-major with the gates in the order i, f, g, o as in a PyTorch `state_dict`; the bias is the
//! sum of PyTorch's two.

use super::recurrent::{self, Cell, HiddenState, Recurrence, SetRow, before_and_after};
use crate::arguments::Value;
use crate::check::Check;
use crate::init::Init;
use crate::kernel::{Buffer, Real, elementwise, recurrent::lstm};
use crate::layer::{Backward, Context, Layer, Nonlinearity, State};
use crate::memory::{Memory, Tape};
use crate::plain::{self, Row, Rows};
use crate::shape::{Columns, ColumnsMut, Dimension, Shape, Vector};
use rand::Rng;
use typenum::U4;

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
    /// let all = whole.run(&model, &Batch::<Tokens<5>>::from_vec(tokens.clone())?).to_vec();
    /// // or one after the other: the state carries over.
    /// let mut single = Inference::<Speaker>::with_lanes(2, 2);
    /// for (step, expected) in tokens.chunks(2).zip(all.chunks(10)) {
    ///     let logits = single.run(&model, &Batch::from_vec(step.to_vec())?);
    ///     assert!(logits.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6));
    /// }
    /// # Ok::<(), formwork::data::DataError>(())
    /// ```
    pub struct Lstm<Hidden>(Init);
}

crate::params! {
    /// The parameters of [`Lstm`]; `Gates` is four times `Hidden`, in the order i, f, g, o.
    pub struct LstmParams<Hidden, Gates, In> {
        /// `4 Hidden x In`, row-major.
        pub weight_ih: Rows<T, Gates, In>,
        /// `4 Hidden x Hidden`, row-major.
        pub weight_hh: Rows<T, Gates, Hidden>,
        /// `4 Hidden`: of PyTorch's weights, the sum of `bias_ih` and `bias_hh`.
        pub bias: Row<T, Gates>,
    }
}

impl<H: Dimension, G: Dimension, In: Dimension, T: Real> LstmParams<H, G, In, T> {
    /// Takes over PyTorch's two biases.
    ///
    /// # Panics
    /// When one of them has not `4 Hidden` values.
    pub fn set_biases(&mut self, bias_ih: &[T], bias_hh: &[T]) {
        elementwise::zip_into(&mut self.bias, bias_ih, bias_hh, |a, b| a + b);
    }
}

/// The hidden values and the cells of each lane.
#[derive(Clone)]
pub struct LstmState<Hidden, T: Real> {
    /// `Hidden x lanes`, a column a lane: the hidden values.
    pub h: HiddenState<Hidden, T>,
    /// `Hidden x lanes`, a column a lane: the cells.
    pub c: HiddenState<Hidden, T>,
}

impl<H: Dimension, T: Real> State<T> for LstmState<H, T> {
    fn new(lanes: usize) -> Self {
        Self { h: State::new(lanes), c: State::new(lanes) }
    }

    fn reset(&mut self, lane: usize) {
        self.h.reset(lane);
        self.c.reset(lane);
    }

    fn visit(&mut self, each: &mut dyn FnMut(&mut [T])) {
        self.h.visit(each);
        self.c.visit(each);
    }
}

/// What [`Lstm`] keeps.
pub struct LstmTape<In: Shape, H: Dimension, T: Real> {
    time: Recurrence<In, H, U4Times<H>, T>,
    /// `Hidden x columns`: the cells after each step.
    cells: Buffer<T>,
    /// `Hidden x lanes`: the cells before the first step.
    start: Buffer<T>,
    /// `Hidden x lanes`: the gradient by the cells.
    dc: Buffer<T>,
}

/// Four times as many.
type U4Times<H> = <U4 as Dimension>::Times<H>;

impl<In: Shape, H: Dimension, T: Real> Tape for LstmTape<In, H, T> {
    const MEMORY: Memory =
        <Recurrence<In, H, U4Times<H>, T> as Tape>::MEMORY.and(Memory::per_column(3 * H::USIZE));

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let carried = if training { H::USIZE * lanes } else { 0 };
        Self {
            time: Tape::new(columns, lanes, training),
            cells: Buffer::zeroed(H::USIZE * columns),
            start: Buffer::zeroed(carried),
            dc: Buffer::zeroed(carried),
        }
    }
}

impl<In: Shape, H: Dimension, V: Value<Init> + 'static> Layer<In> for Lstm<H, V> {
    type Out = Vector<H>;
    type Params<T: Real> = LstmParams<H, U4Times<H>, In::Features, T>;
    type Stats<T: Real> = ();
    type State<T: Real> = LstmState<H, T>;
    type Tape<T: Real> = LstmTape<In, H, T>;

    const CHECK: Check = recurrent::check::<In, H>("Lstm");
    const OPERATIONS: usize = 8 * H::USIZE * (In::SIZE + H::USIZE);
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
        recurrent::init::<In, H, U4Times<H>, T>(weights, V::VALUE, follows, rng);
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
        let (y, LstmState { h, c }) = (y.as_mut_slice(), state);
        let fill = |set: &mut SetRow<'_, T>| {
            for row in 0..4 * H::USIZE {
                let (gate, unit) = (row / H::USIZE, row % H::USIZE);
                let weights = (&params.weight_ih[row][..], &params.weight_hh[row][..]);
                set(gate, unit, (weights.0, weights.1, params.bias[row]), gate != 2);
            }
        };
        if tape.time.single(Cell::Lstm, fill, x, [&mut h.h, &mut c.h], y, cx) {
            return;
        }
        let weights =
            [plain::as_slice(&params.weight_ih), plain::as_slice(&params.weight_hh), &params.bias];
        let len = H::USIZE * cx.lanes;
        if cx.is_training() {
            tape.start[..len].copy_from_slice(&c.h[..len]);
        }
        for step in 0..tape.time.enter(weights, &h.h, x, cx) {
            let (h_before, h) = before_and_after(y, &h.h, step, len);
            let (before, cells) = before_and_after(&mut tape.cells, &c.h, step, len);
            let gates = tape.time.step(step, h_before, None);
            lstm::forward(lstm::Forward { hidden: H::USIZE, gates, before, cells, h });
        }
        if let Some(last) = y.len().checked_sub(len) {
            h.h[..len].copy_from_slice(&y[last..]);
            c.h[..len].copy_from_slice(&tape.cells[last..last + len]);
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
        let LstmTape { time, cells, start, dc } = tape;
        time.turn(plain::as_slice(&params.weight_hh), cx.lanes);
        dc.fill(T::ZERO);
        for step in (0..dy.len() / len.max(1)).rev() {
            let at = step * len;
            let (gates, _, later) = time.step_back(step, y, cx.lanes);
            lstm::backward(lstm::Backward {
                hidden: H::USIZE,
                gates,
                before: if step > 0 { &cells[at - len..at] } else { &start[..len] },
                cells: &cells[at..at + len],
                dh: &dy[at..at + len],
                later,
                dc: &mut dc[..len],
            });
            if step > 0 {
                later.fill(T::ZERO);
                time.pass_back(step, None, cx.lanes);
            }
        }
        let gradients = [
            plain::as_mut_slice(&mut gradient.weight_ih),
            plain::as_mut_slice(&mut gradient.weight_hh),
            &mut gradient.bias[..],
        ];
        let weight_ih = plain::as_slice(&params.weight_ih);
        time.gradients(weight_ih, gradients, pass, None, cx);
    }
}
