//! The way through the steps, and back: one for all cells.
//!
//! ```text
//! forward   a = W_ih x + W_hh h' + b, with h' the hidden values of the step before
//!           gates, h and what goes from step to step from a, by the equations of the cell
//! backward  dh = dy + W_hh^T da of the step after, and what the cell adds
//!           da from dh, by the equations of the cell
//!           dW_ih = da x^T    dW_hh = da h'^T    db = sum of da    dx = W_ih^T da
//! ```
//!
//! The products with `W_ih` are of all steps at once. Those with `W_hh` go step by step, with a
//! matrix that is packed once.
//!
//! Where a cell keeps the sums of a gate's inputs and of its hidden values apart, the gate has two
//! parts. The rows of the gates are then in this order: what comes of both, what comes of the hidden
//! values, what comes of the input. So the hidden values make the first ones, in the order of `W_hh`.

use super::{RecurrentParams, RecurrentState};
use crate::kernel::recurrent::{Cell, Packed, Single, Step, Weights, gates};
use crate::kernel::{Buffer, Finish, MatMut, MatRef, Real, columns, gemm, gemm_with};
use crate::layer::{Backward, Context};
use crate::memory::{ChannelsFirst, Memory, Tape};
use crate::plain;
use crate::shape::{Columns, ColumnsMut, Dimension, Shape, Vector};
use core::ops::Range;

/// What a recurrent layer with `H` hidden units of the cell `C` keeps.
pub struct Recurrence<C, const GATES: usize, In: Shape, H, T: Real> {
    input: ChannelsFirst<In, T>,
    /// `GATES H x columns`: what goes into the gates, then the gates, then the gradient by the first.
    gates: Buffer<T>,
    /// `H x (lanes + columns)`: the cells before the first step and after each.
    cells: Buffer<T>,
    /// `H x lanes`: the hidden values before the first step.
    start: Buffer<T>,
    /// `H x lanes`: the gradient by the hidden values of a step, as far as later steps add to it.
    later: Buffer<T>,
    /// `H x lanes`: the gradient by the cells.
    dc: Buffer<T>,
    /// The recurrent weights, or their transpose on the way back.
    matrix: Packed<T>,
    /// `GATES H x lanes`: what it is multiplied by, the lanes of a row side by side.
    operand: Buffer<T>,
    /// The weights in the order of a single step, in place of most of the above.
    single: Option<Single<C, H, T, GATES>>,
}

impl<C: Cell<GATES>, const GATES: usize, In: Shape, H: Dimension, T: Real> Tape
    for Recurrence<C, GATES, In, H, T>
{
    // What is there for each lane is counted for each column: there are no more lanes than columns.
    const MEMORY: Memory = <ChannelsFirst<In, T> as Tape>::MEMORY
        .and(Memory::per_column(2 * Self::ROWS + 2 * H::USIZE + 3 * Self::CELLS))
        .and(Memory::fixed(Packed::<T>::scalars_either_way(Self::WEIGHTED, H::USIZE)));

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let input = Tape::new(columns, lanes, training);
        let single = Single::<C, H, T, GATES>::SUITS && columns == 1 && !training;
        let (columns, lanes, weighted) =
            if single { (0, 0, 0) } else { (columns, lanes, Self::WEIGHTED) };
        let carried = if training { lanes } else { 0 };
        Self {
            input,
            gates: Buffer::zeroed(Self::ROWS * columns),
            cells: Buffer::zeroed(Self::CELLS * (lanes + columns)),
            start: Buffer::zeroed(H::USIZE * carried),
            later: Buffer::zeroed(H::USIZE * carried),
            dc: Buffer::zeroed(Self::CELLS * carried),
            matrix: Packed::either_way(weighted, H::USIZE),
            operand: Buffer::zeroed(Self::ROWS * lanes),
            single: single.then(|| Single::zeroed(In::SIZE)),
        }
    }
}

impl<C: Cell<GATES>, const GATES: usize, In: Shape, H: Dimension, T: Real>
    Recurrence<C, GATES, In, H, T>
{
    /// Rows of the gates.
    const ROWS: usize = GATES * H::USIZE;
    /// Rows of the weights: the first ones of the gates, which the hidden values make.
    const WEIGHTED: usize = Self::ROWS - Self::APART;
    /// Rows of the gates that the input alone makes, after as many that the hidden values alone make.
    const APART: usize = C::APART * H::USIZE;
    /// Rows of the cells.
    const CELLS: usize = if C::CELLS { H::USIZE } else { 0 };

    /// The rows of the input weights, and the first of the rows of the gates that they make.
    fn parts() -> impl Iterator<Item = (Range<usize>, usize)> {
        let both = Self::WEIGHTED - Self::APART;
        let parts = [(0..both, 0), (both..Self::WEIGHTED, Self::WEIGHTED)];
        parts.into_iter().filter(|(rows, _)| !rows.is_empty())
    }

    /// Takes all steps, or a single one. See [`Layer::forward`](crate::layer::Layer::forward).
    #[inline]
    pub fn forward<Gates: Dimension, Apart: Dimension>(
        &mut self,
        params: &RecurrentParams<H, Gates, Apart, In::Features, T>,
        state: &mut RecurrentState<C, GATES, H, T>,
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, Vector<H>, T>,
        cx: &Context<'_, T>,
    ) {
        const { assert!(Gates::USIZE == Self::WEIGHTED && Apart::USIZE == Self::APART) };
        let Some(single) = &mut self.single else {
            return self.all_steps(params, state, x, y.as_mut_slice(), cx);
        };
        if !cx.unchanged {
            single.pack(Weights {
                input: plain::as_slice(&params.weight_ih),
                hidden: plain::as_slice(&params.weight_hh),
                bias: &params.bias,
                apart: &params.bias_hn,
            });
        }
        if x.count() > 0 {
            let (x, RecurrentState { h, c, .. }) = (self.input.enter(x), state);
            Step { weights: single, x, h, c, y: y.as_mut_slice() }.run();
        }
    }

    fn all_steps<Gates: Dimension, Apart: Dimension>(
        &mut self,
        params: &RecurrentParams<H, Gates, Apart, In::Features, T>,
        state: &mut RecurrentState<C, GATES, H, T>,
        x: Columns<'_, In, T>,
        y: &mut [T],
        cx: &Context<'_, T>,
    ) {
        let (n, lanes, hidden, inputs) = (x.count(), cx.lanes, H::USIZE, In::SIZE);
        let (len, cells) = (hidden * lanes, Self::CELLS * lanes);
        let x = MatRef::col_major(self.input.enter(x), inputs, n);
        let weight_ih = plain::as_slice(&params.weight_ih);
        for (rows, gate) in Self::parts() {
            gemm_with(
                MatMut::new(&mut self.gates[gate..], rows.len(), n, 1, Self::ROWS),
                MatRef::row_major(&weight_ih[rows.start * inputs..], rows.len(), inputs),
                x,
                Finish { bias: Some(&params.bias[rows]), ..Finish::default() },
            );
        }
        if Self::APART > 0 {
            let apart = Self::WEIGHTED - Self::APART..Self::WEIGHTED;
            for gates in self.gates[..Self::ROWS * n].chunks_exact_mut(Self::ROWS) {
                gates[apart.clone()].copy_from_slice(&params.bias_hn);
            }
        }
        if !cx.unchanged {
            let weight_hh = plain::as_slice(&params.weight_hh);
            self.matrix.pack(MatRef::row_major(weight_hh, Self::WEIGHTED, hidden));
        }
        if cx.is_training() {
            self.start[..len].copy_from_slice(&state.h[..len]);
        }
        self.cells[..cells].copy_from_slice(&state.c[..cells]);
        for step in 0..n.checked_div(lanes).unwrap_or(0) {
            let gates = &mut self.gates[step * Self::ROWS * lanes..][..Self::ROWS * lanes];
            let (done, rest) = y.split_at_mut(step * len);
            let before = if step > 0 { &done[(step - 1) * len..] } else { &state.h[..len] };
            let operand = &mut self.operand[..len];
            columns::transpose(operand, before, hidden, lanes);
            let sums = MatMut::new(gates, Self::WEIGHTED, lanes, 1, Self::ROWS);
            self.matrix.multiply_add(sums, operand);
            let (cells_before, rest_of_cells) = self.cells[step * cells..].split_at_mut(cells);
            gates::Forward {
                hidden,
                gates,
                before: if C::CELLS { cells_before } else { before },
                cells: &mut rest_of_cells[..cells],
                h: &mut rest[..len],
            }
            .run::<C, GATES>();
        }
        if let Some(last) = y.len().checked_sub(len) {
            state.h[..len].copy_from_slice(&y[last..]);
            state.c[..cells].copy_from_slice(&self.cells[Self::CELLS * n..][..cells]);
        }
    }

    /// Goes back through all steps. See [`Layer::backward`](crate::layer::Layer::backward).
    pub fn backward<Gates: Dimension, Apart: Dimension>(
        &mut self,
        params: &RecurrentParams<H, Gates, Apart, In::Features, T>,
        gradient: &mut RecurrentParams<H, Gates, Apart, In::Features, T>,
        pass: Backward<'_, In, Vector<H>, T>,
        cx: &Context<'_, T>,
    ) {
        let Backward { x, y, dy, dx } = pass;
        let (y, dy) = (y.numbers(), dy.as_slice());
        let (n, lanes, hidden, inputs) = (x.count(), cx.lanes, H::USIZE, In::SIZE);
        let (len, cells) = (hidden * lanes, Self::CELLS * lanes);
        let weight_hh = plain::as_slice(&params.weight_hh);
        self.matrix.pack(MatRef::row_major(weight_hh, Self::WEIGHTED, hidden).t());
        let later = &mut self.later[..len];
        later.fill(T::ZERO);
        self.dc.fill(T::ZERO);
        for step in (0..n.checked_div(lanes).unwrap_or(0)).rev() {
            let gates = &mut self.gates[step * Self::ROWS * lanes..][..Self::ROWS * lanes];
            let at = step * len;
            let before = if step > 0 { &y[at - len..at] } else { &self.start[..len] };
            let (cells_before, rest_of_cells) = self.cells[step * cells..].split_at(cells);
            gates::Backward {
                hidden,
                gates,
                before: if C::CELLS { cells_before } else { before },
                cells: &rest_of_cells[..cells],
                dh: &dy[at..at + len],
                later,
                dc: &mut self.dc[..cells],
            }
            .run::<C, GATES>();
            if step > 0 {
                let operand = &mut self.operand[..Self::ROWS * lanes];
                columns::transpose(operand, gates, Self::ROWS, lanes);
                let sums = MatMut::col_major(later, hidden, lanes);
                self.matrix.multiply_add(sums, &operand[..Self::WEIGHTED * lanes]);
            }
        }

        let beta = if cx.accumulate { T::ONE } else { T::ZERO };
        cx.start(&mut gradient.bias);
        cx.start(&mut gradient.bias_hn);
        let gates = &self.gates;
        let by_gates = |first: usize, rows: usize, columns: Range<usize>| {
            let from = &gates[columns.start * Self::ROWS + first..];
            MatRef::new(from, rows, columns.len(), 1, Self::ROWS)
        };
        // Of the first step with the start, of all others with the outputs before them.
        let by_weight = plain::as_mut_slice(&mut gradient.weight_hh);
        for (columns, h, beta) in [(0..lanes, &self.start[..], beta), (lanes..n, y, T::ONE)] {
            gemm(
                MatMut::row_major(by_weight, Self::WEIGHTED, hidden),
                beta,
                by_gates(0, Self::WEIGHTED, columns.clone()),
                MatRef::col_major(h, hidden, columns.len()).t(),
            );
        }
        let apart = Self::WEIGHTED - Self::APART;
        if Self::APART > 0 {
            columns::add_sum_from(
                &mut gradient.bias_hn,
                &gates[..Self::ROWS * n],
                Self::ROWS,
                apart,
            );
        }
        let by_weight = plain::as_mut_slice(&mut gradient.weight_ih);
        let entered = MatRef::col_major(self.input.entered(x), inputs, n);
        for (rows, gate) in Self::parts() {
            gemm(
                MatMut::row_major(&mut by_weight[rows.start * inputs..], rows.len(), inputs),
                beta,
                by_gates(gate, rows.len(), 0..n),
                entered.t(),
            );
            columns::add_sum_from(
                &mut gradient.bias[rows],
                &gates[..Self::ROWS * n],
                Self::ROWS,
                gate,
            );
        }
        if let Some(dx) = dx {
            let weight_ih = plain::as_slice(&params.weight_ih);
            self.input.leave(dx, |dx| {
                for (rows, gate) in Self::parts() {
                    gemm(
                        MatMut::col_major(dx, inputs, n),
                        if gate > 0 { T::ONE } else { T::ZERO },
                        MatRef::row_major(&weight_ih[rows.start * inputs..], rows.len(), inputs)
                            .t(),
                        by_gates(gate, rows.len(), 0..n),
                    );
                }
            });
        }
    }
}
