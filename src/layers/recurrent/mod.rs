//! What the recurrent layers have in common: products over time, and the memory for them.
//!
//! Columns are time-major: column `i` is step `i / lanes` of lane `i % lanes`. The input product of
//! all steps is one; the recurrent one goes step by step, with a matrix that is packed once.

use crate::check::Check;
use crate::init::Init;
pub use crate::kernel::recurrent::single::Cell;
use crate::kernel::recurrent::single::{Single, Step, Weights, spacing, suits};
use crate::kernel::{Buffer, recurrent::Packed};
use crate::kernel::{Finish, MatMut, MatRef, Real, columns, gemm, gemm_with};
use crate::layer::{Backward, Context, Nonlinearity, State};
use crate::memory::{ChannelsFirst, Memory, Tape};
use crate::shape::{Columns, Dimension, Shape, Vector};
use core::marker::PhantomData;
use rand::Rng;

/// Sets a row of a single step: its gate, its unit, its weights, and whether it becomes that of a
/// logistic function.
pub type SetRow<'a, T> = dyn FnMut(usize, usize, Weights<'_, T>, bool) + 'a;

/// The hidden values of each lane.
#[derive(Clone)]
pub struct HiddenState<Hidden, T: Real> {
    /// `Hidden x lanes`, a column a lane.
    pub h: Buffer<T>,
    hidden: PhantomData<Hidden>,
}

impl<H: Dimension, T: Real> State<T> for HiddenState<H, T> {
    fn new(lanes: usize) -> Self {
        Self { h: Buffer::zeroed(H::USIZE * lanes), hidden: PhantomData }
    }

    fn reset(&mut self, lane: usize) {
        self.h[lane * H::USIZE..][..H::USIZE].fill(T::ZERO);
    }

    fn visit(&mut self, each: &mut dyn FnMut(&mut [T])) {
        each(&mut self.h);
    }
}

/// What every recurrent layer keeps: `Rows` is the number of rows of its weights, a multiple of
/// `Hidden`.
pub struct Recurrence<In: Shape, Hidden, Rows, T: Real> {
    input: ChannelsFirst<In, T>,
    /// `Rows x columns`: what goes into the gates, then the gates, then the gradient by the first.
    gates: Buffer<T>,
    /// `Hidden x lanes`: the hidden values before the first step.
    start: Buffer<T>,
    /// `Hidden x lanes`: the gradient by the hidden values of a step, as far as later steps add to
    /// it.
    later: Buffer<T>,
    /// The recurrent weights, or their transpose on the way back.
    matrix: Packed<T>,
    /// `Rows x lanes`: what it is multiplied by, the lanes of a row side by side.
    operand: Buffer<T>,
    /// The weights in the order of a single step, once they are.
    single: Single<T>,
    ready: bool,
    sizes: PhantomData<(Hidden, Rows)>,
}

impl<In: Shape, H: Dimension, R: Dimension, T: Real> Tape for Recurrence<In, H, R, T> {
    // What is there for each lane is counted for each column: there are no more lanes than columns.
    const MEMORY: Memory = <ChannelsFirst<In, T> as Tape>::MEMORY
        .and(Memory::per_column(2 * R::USIZE + 2 * H::USIZE))
        .and(Memory::fixed(Packed::<T>::scalars_either_way(R::USIZE, H::USIZE)));

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let (rows, hidden) = (R::USIZE, H::USIZE);
        let carried = if training { hidden * lanes } else { 0 };
        Self {
            input: Tape::new(columns, lanes, training),
            gates: Buffer::zeroed(rows * columns),
            start: Buffer::zeroed(carried),
            later: Buffer::zeroed(carried),
            matrix: Packed::either_way(rows, hidden),
            operand: Buffer::zeroed(rows * lanes),
            single: if !training && lanes == 1 {
                Single::zeroed(single_rows::<H, R>(), In::SIZE, hidden)
            } else {
                Single::zeroed(0, 0, 0)
            },
            ready: false,
            sizes: PhantomData,
        }
    }
}

impl<In: Shape, H: Dimension, R: Dimension, T: Real> Recurrence<In, H, R, T> {
    /// Starts a forward pass from the hidden values in `state`: `gates = W_ih x + bias` for all
    /// steps. Returns the number of steps.
    pub fn enter(
        &mut self,
        [weight_ih, weight_hh, bias]: [&[T]; 3],
        state: &[T],
        x: Columns<'_, In, T>,
        cx: &Context<'_, T>,
    ) -> usize {
        let n = x.count();
        gemm_with(
            MatMut::col_major(&mut self.gates, R::USIZE, n),
            MatRef::row_major(weight_ih, R::USIZE, In::SIZE),
            MatRef::col_major(self.input.enter(x), In::SIZE, n),
            Finish { bias: Some(bias), ..Finish::default() },
        );
        if !cx.unchanged {
            self.matrix.pack(MatRef::row_major(weight_hh, R::USIZE, H::USIZE));
        }
        if cx.is_training() {
            let len = H::USIZE * cx.lanes;
            self.start[..len].copy_from_slice(&state[..len]);
        }
        n / cx.lanes.max(1)
    }

    /// Takes a single step of a single lane, where the layer is small and its weights are as they
    /// were; `fill` calls
    /// its argument with the gate, the unit and the weights of each row, and whether it becomes that
    /// of a logistic function. Returns whether it did.
    #[inline]
    pub fn single(
        &mut self,
        cell: Cell,
        fill: impl FnOnce(&mut SetRow<'_, T>),
        x: Columns<'_, In, T>,
        [h, c]: [&mut [T]; 2],
        y: &mut [T],
        cx: &Context<'_, T>,
    ) -> bool {
        if !(suits::<T>(single_rows::<H, R>()) && self.single.suits() && cx.unchanged) {
            self.ready = false;
            return false;
        }
        if x.count() != 1 {
            return false;
        }
        if !self.ready {
            let single = &mut self.single;
            fill(&mut |gate, unit, weights, logistic| {
                single.set(gate * spacing(H::USIZE) + unit, weights, logistic);
            });
            self.ready = true;
        }
        let x = self.input.enter(x);
        Step::<H, T> { weights: &self.single, x, h, c, y, cell, hidden: PhantomData }.run();
        true
    }

    /// What goes into the gates at a step, once `W_hh before` has been added: to it, or to `apart`
    /// where that is given.
    pub fn step(&mut self, step: usize, before: &[T], apart: Option<&mut [T]>) -> &mut [T] {
        let lanes = before.len() / H::USIZE;
        let operand = &mut self.operand[..before.len()];
        columns::transpose(operand, before, H::USIZE, lanes);
        let gates = &mut self.gates[step * R::USIZE * lanes..][..R::USIZE * lanes];
        match apart {
            Some(product) => self.matrix.multiply_add(product, operand),
            None => self.matrix.multiply_add(gates, operand),
        }
        gates
    }

    /// Starts the way back, after the last step.
    pub fn turn(&mut self, weight_hh: &[T], lanes: usize) {
        self.matrix.pack(MatRef::row_major(weight_hh, R::USIZE, H::USIZE).t());
        self.later[..H::USIZE * lanes].fill(T::ZERO);
    }

    /// The gates of a step on the way back, the hidden values before it (of the outputs `y`), and
    /// the gradient by those after it, as far as later steps add to it.
    pub fn step_back<'a>(
        &'a mut self,
        step: usize,
        y: &'a [T],
        lanes: usize,
    ) -> (&'a mut [T], &'a [T], &'a mut [T]) {
        let len = H::USIZE * lanes;
        let before = if step > 0 { &y[(step - 1) * len..][..len] } else { &self.start[..len] };
        let gates = &mut self.gates[step * R::USIZE * lanes..][..R::USIZE * lanes];
        (gates, before, &mut self.later[..len])
    }

    /// Adds to `later` what comes through the recurrent weights from a step whose gates have become
    /// gradients; `last`, where given, stands for their last `Hidden` rows.
    pub fn pass_back(&mut self, step: usize, last: Option<&[T]>, lanes: usize) {
        let operand = &mut self.operand[..R::USIZE * lanes];
        let gates = &self.gates[step * R::USIZE * lanes..][..R::USIZE * lanes];
        columns::transpose(operand, gates, R::USIZE, lanes);
        if let Some(last) = last {
            let rows = &mut operand[(R::USIZE - H::USIZE) * lanes..];
            columns::transpose(rows, last, H::USIZE, lanes);
        }
        self.matrix.multiply_add(&mut self.later[..H::USIZE * lanes], operand);
    }

    /// The gradients by the parameters and the input, once all gates have become gradients; `last`
    /// as in [`pass_back`](Self::pass_back).
    pub fn gradients(
        &mut self,
        weight_ih: &[T],
        [by_weight_ih, by_weight_hh, by_bias]: [&mut [T]; 3],
        pass: Backward<'_, In, Vector<H>, T>,
        last: Option<&[T]>,
        cx: &Context<'_, T>,
    ) {
        let Backward { x, y, dx, .. } = pass;
        let y = y.numbers();
        let (rows, hidden, n) = (R::USIZE, H::USIZE, x.count());
        let beta = if cx.accumulate { T::ONE } else { T::ZERO };
        let gates = &self.gates[..rows * n];
        let by_gates = MatRef::col_major(gates, rows, n);
        let x = MatRef::col_major(self.input.entered(x), In::SIZE, n);
        gemm(MatMut::row_major(by_weight_ih, rows, In::SIZE), beta, by_gates, x.t());
        if !cx.accumulate {
            by_bias.fill(T::ZERO);
        }
        columns::add_sum(by_bias, gates);

        // Of the first step with the start, of all others with the outputs before them.
        let later = n - cx.lanes;
        let mut by_recurrent = |first: usize, count: usize, gradient: &[T], stride: usize| {
            let weight = &mut by_weight_hh[first * hidden..][..count * hidden];
            for (from, columns, h, beta) in
                [(0, cx.lanes, &*self.start, beta), (cx.lanes, later, y, T::ONE)]
            {
                gemm(
                    MatMut::row_major(weight, count, hidden),
                    beta,
                    MatRef::new(
                        &gradient[(from * stride).min(gradient.len())..],
                        count,
                        columns,
                        1,
                        stride,
                    ),
                    MatRef::col_major(h, hidden, columns).t(),
                );
            }
        };
        match last {
            None => by_recurrent(0, rows, gates, rows),
            Some(last) => {
                by_recurrent(0, rows - hidden, gates, rows);
                by_recurrent(rows - hidden, hidden, last, hidden);
            }
        }

        if let Some(dx) = dx {
            let weight = MatRef::row_major(weight_ih, rows, In::SIZE);
            self.input.leave(dx, |dx| {
                gemm(MatMut::col_major(dx, In::SIZE, n), T::ZERO, weight.t(), by_gates);
            });
        }
    }
}

/// The rows of a single step: a GRU has four, since what of n comes from the input stays apart.
const fn single_rows<H: Dimension, R: Dimension>() -> usize {
    spacing(H::USIZE) * if R::USIZE == H::USIZE { 1 } else { 4 }
}

/// The hidden values before a step, and where those after it go, among the outputs `y`.
pub fn before_and_after<'a, T>(
    y: &'a mut [T],
    start: &'a [T],
    step: usize,
    len: usize,
) -> (&'a [T], &'a mut [T]) {
    let (done, rest) = y.split_at_mut(step * len);
    let before = if step > 0 { &done[(step - 1) * len..] } else { &start[..len] };
    (before, &mut rest[..len])
}

/// Sets the initial weights; they are those of a map of `In` and of `Hidden` inputs, normal with a
/// variance of one over their number unless `init` says otherwise. Biases stay zero.
pub fn init<In: Shape, H: Dimension, R: Dimension, T: Real>(
    [weight_ih, weight_hh]: [&mut [T]; 2],
    init: Option<Init>,
    follows: Nonlinearity,
    rng: &mut dyn Rng,
) {
    let init = init.unwrap_or(Init::LeCun);
    init.fill(weight_ih, R::USIZE, (In::SIZE, H::USIZE), follows, rng);
    init.fill(weight_hh, R::USIZE, (H::USIZE, H::USIZE), follows, rng);
}

/// Whether a layer called `name` is sound after a shape.
pub const fn check<In: Shape, H: Dimension>(name: &'static str) -> Check {
    Check::require(H::USIZE > 0, "it has no hidden units: `{}<0>`").text(name).and(
        Check::require(In::NUMERIC, "{} takes numbers, but is given token ids: embed them first")
            .text(name),
    )
}
