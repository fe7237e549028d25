//! The way through the steps, and back: one for all cells.
//!
//! ```text
//! forward   a = W_ih x + W_hh h' + b_ih + b_hh, with h' the hidden values of the step before
//!           gates, h and what goes from step to step from a, by the equations of the cell
//! backward  dh = dy + W_hh^T da of the step after, and what the cell adds
//!           da from dh, by the equations of the cell
//!           dW_ih = da x^T    dW_hh = da h'^T    db_ih = db_hh = sum of da    dx = W_ih^T da
//! ```
//!
//! Beyond the end of a lane that is shorter than others `y` is 0 and `dy` is taken for 0, so that
//! nothing is learnt there; the state is that at its end.
//!
//! The products with `W_ih` are of all steps at once. Those with `W_hh` go step by step, with a
//! matrix that is packed once.

use super::{Recurrence, RecurrentParams, RecurrentState};
use crate::kernel::recurrent::{Cell, Steps, Weights, gates};
use crate::kernel::{Real, elementwise};
use crate::layer::{AsMatrix, Backward, Forward, Lanes, Layer, as_slice};
use crate::shape::{
    Columns, ColumnsMut, Dim, Dimension, Shape, Transpose, Vector, add_sum_from, columns,
    columns_mut, product,
};
use nalgebra::{DimName, Dyn};

impl<C: Cell<GATES>, const GATES: usize, In: Shape, H: Dimension, T: Real>
    Recurrence<C, GATES, In, H, T>
{
    /// Takes all steps: of all lanes at once, or of few lanes one after the other.
    #[inline]
    pub fn forward<L, Apart: Dimension, Gates: Dimension>(pass: Forward<'_, L, In, T>)
    where
        L: Layer<
                In,
                Out = Vector<H>,
                Params<T> = RecurrentParams<H, Gates, In::Features, T>,
                State<T> = RecurrentState<C, GATES, H, T>,
                Tape<T> = Self,
            >,
    {
        let Forward { params, state, tape, x, mut y, cx, .. } = pass;
        let Some(single) = tape.single.as_mut().filter(|_| Self::SINGLE) else {
            let (is_training, lanes) = (cx.is_training(), cx.lanes_of(x.ncols()));
            let how = (cx.unchanged, is_training, lanes);
            return tape.all_steps::<Gates, Apart>(params, state, (x, y), how);
        };
        if !cx.unchanged {
            single.pack(Weights {
                input: as_slice(&params.weight_ih_l0),
                hidden: as_slice(&params.weight_hh_l0),
                input_bias: &params.bias_ih_l0,
                hidden_bias: &params.bias_hh_l0,
            });
        }
        let lanes = cx.lanes_of(y.ncols());
        if lanes.count() == 0 {
            return;
        }
        let (x, y) = (tape.input.enter(x), y.as_mut_slice());
        let h = &mut state.h[..lanes.count() * H::USIZE];
        let c = &mut state.c[..lanes.count() * Self::CELLS];
        let steps = Steps { weights: single, x: x.as_slice(), h, c, y };
        if lanes.are_alike() { steps.run() } else { Self::unlike_steps(steps, lanes) }
    }

    /// Takes steps of lanes that are not all of one length: beyond the end of a lane its state stays as it
    /// is.
    #[cold]
    #[inline(never)]
    fn unlike_steps(steps: Steps<'_, C, H, T, GATES>, lanes: Lanes<'_>) {
        let Steps { weights, x, h, c, y } = steps;
        for (i, y) in y.chunks_exact_mut(H::USIZE).enumerate() {
            if lanes.has(i) {
                let lane = i % lanes.count();
                let h = &mut h[lane * H::USIZE..][..H::USIZE];
                let c = &mut c[lane * Self::CELLS..][..Self::CELLS];
                Steps { weights, x: &x[i * In::SIZE..][..In::SIZE], h, c, y }.run();
            } else {
                y.fill(T::ZERO);
            }
        }
    }

    fn all_steps<Gates: Dimension, Apart: Dimension>(
        &mut self,
        params: &RecurrentParams<H, Gates, In::Features, T>,
        state: &mut RecurrentState<C, GATES, H, T>,
        (x, mut y): (Columns<'_, T, In::Features>, ColumnsMut<'_, T, H>),
        (unchanged, is_training, all): (bool, bool, Lanes<'_>),
    ) {
        let (n, lanes) = (x.ncols(), all.count());
        let (len, cells) = (H::USIZE * lanes, Self::CELLS * lanes);
        let mut gates = Self::gates::<Gates, Apart>(&mut self.gates, n);
        let (x, w_ih_t, w_hh) =
            (self.input.enter(x), params.weight_ih_l0.t(), params.weight_hh_l0.view());
        let (both, apart) = params.bias_hh_l0.split_at(Self::BOTH);
        if !unchanged {
            self.bias.copy_from_slice(&params.bias_ih_l0);
            elementwise::add(&mut self.bias[..Self::BOTH], both);
            self.matrix.pack(&w_hh);
        }
        for (rows, gate) in Self::parts() {
            let count = Dyn(rows.len());
            product(&w_ih_t.columns_generic(rows.start, count).t(), &x)
                .plus(&self.bias[rows])
                .store(&mut gates.rows_generic_mut(gate, count));
        }
        if Self::APART > 0 {
            for gates in gates.as_mut_slice().chunks_exact_mut(Self::ROWS) {
                gates[Self::BOTH..Self::WEIGHTED].copy_from_slice(apart);
            }
        }
        if is_training {
            self.start[..len].copy_from_slice(&state.h[..len]);
        }
        self.cells[..cells].copy_from_slice(&state.c[..cells]);
        let y = y.as_mut_slice();
        for step in 0..n.checked_div(lanes).unwrap_or(0) {
            let mut gates = gates.columns_generic_mut(step * lanes, Dyn(lanes));
            let (done, rest) = y.split_at_mut(step * len);
            let before = if step > 0 { &done[(step - 1) * len..] } else { &state.h[..len] };
            let weighted = &mut gates.rows_generic_mut(0, Dim::<Gates>::name());
            self.matrix.add(weighted, &w_hh, &columns::<H, T>(before));
            let (cells_before, rest_of_cells) = self.cells[step * cells..].split_at_mut(cells);
            gates::Forward {
                hidden: H::USIZE,
                gates: gates.as_mut_slice(),
                before: if C::CELLS { cells_before } else { before },
                cells: &mut rest_of_cells[..cells],
                h: &mut rest[..len],
            }
            .run::<C, GATES>();
        }
        let size = Self::CELLS;
        for (lane, last) in all.last().enumerate() {
            let h = &y[last * H::USIZE..][..H::USIZE];
            state.h[lane * H::USIZE..][..H::USIZE].copy_from_slice(h);
            // After the cells before the first step.
            let c = &self.cells[(lanes + last) * size..][..size];
            state.c[lane * size..][..size].copy_from_slice(c);
        }
        all.clear_rest(y, H::USIZE);
    }

    /// Goes back through all steps.
    pub fn backward<L, Apart: Dimension, Gates: Dimension>(pass: Backward<'_, L, In, T>)
    where
        L: Layer<
                In,
                Out = Vector<H>,
                Params<T> = RecurrentParams<H, Gates, In::Features, T>,
                Tape<T> = Self,
            >,
    {
        let Backward { params, gradient, tape, x, y, mut dy, dx, cx, .. } = pass;
        let (n, lanes) = (x.ncols(), cx.lanes.min(x.ncols()));
        cx.lanes_of(n).clear_rest(dy.as_mut_slice(), H::USIZE);
        tape.back_through_time::<Gates, Apart>(params, (y.as_slice(), dy.as_slice()), (n, lanes));
        let da = Self::gates::<Gates, Apart>(&mut tape.gates, n);
        let RecurrentParams {
            weight_ih_l0: dw_ih,
            weight_hh_l0: dw_hh,
            bias_ih_l0: db_ih,
            bias_hh_l0: db_hh,
        } = gradient;
        // Of the first step with the start, of all others with the outputs before them.
        let start = columns(&tape.start[..H::USIZE * lanes]);
        let later = y.columns_generic(0, Dyn(n - lanes));
        for (first, h, beta) in [(0, start, cx.beta()), (lanes, later, T::ONE)] {
            let da = da.generic_view((0, first), (Dim::<Gates>::name(), Dyn(h.ncols())));
            product(&da, &h.t()).accumulate(beta, &mut dw_hh.view_mut());
        }
        let (mut dw_ih_t, entered, db) = (dw_ih.t_mut(), tape.input.entered(x), &mut tape.bias);
        db.fill(T::ZERO);
        for (rows, gate) in Self::parts() {
            let count = Dyn(rows.len());
            product(&entered, &da.rows_generic(gate, count).t())
                .accumulate(cx.beta(), &mut dw_ih_t.columns_generic_mut(rows.start, count));
            add_sum_from(&mut db[rows], &da, gate);
        }
        cx.start(db_ih);
        cx.start(db_hh);
        elementwise::add(db_ih, db);
        let (both, apart) = db_hh.split_at_mut(Self::BOTH);
        elementwise::add(both, &db[..Self::BOTH]);
        add_sum_from(apart, &da, Self::BOTH);
        let Some(mut dx) = dx else { return };
        let w_ih_t = params.weight_ih_l0.t();
        tape.input.leave(&mut dx, |dx| {
            for (rows, gate) in Self::parts() {
                let (count, beta) = (Dyn(rows.len()), if gate > 0 { T::ONE } else { T::ZERO });
                product(&w_ih_t.columns_generic(rows.start, count), &da.rows_generic(gate, count))
                    .accumulate(beta, dx);
            }
        });
    }

    /// Turns the gates into the gradient by what goes into them, from the last of `n` columns to the
    /// first.
    fn back_through_time<Gates: Dimension, Apart: Dimension>(
        &mut self,
        params: &RecurrentParams<H, Gates, In::Features, T>,
        (y, dy): (&[T], &[T]),
        (n, lanes): (usize, usize),
    ) {
        let (len, cells) = (H::USIZE * lanes, Self::CELLS * lanes);
        let mut gates = Self::gates::<Gates, Apart>(&mut self.gates, n);
        let w_hh_t = params.weight_hh_l0.t();
        self.matrix.pack(&w_hh_t);
        let mut later = columns_mut::<H, T>(&mut self.later[..len]);
        later.fill(T::ZERO);
        self.dc.fill(T::ZERO);
        for step in (0..n.checked_div(lanes).unwrap_or(0)).rev() {
            let mut gates = gates.columns_generic_mut(step * lanes, Dyn(lanes));
            let at = step * len;
            let before = if step > 0 { &y[at - len..at] } else { &self.start[..len] };
            let (cells_before, rest_of_cells) = self.cells[step * cells..].split_at(cells);
            gates::Backward {
                hidden: H::USIZE,
                gates: gates.as_mut_slice(),
                before: if C::CELLS { cells_before } else { before },
                cells: &rest_of_cells[..cells],
                dh: &dy[at..at + len],
                later: later.as_mut_slice(),
                dc: &mut self.dc[..cells],
            }
            .run::<C, GATES>();
            if step > 0 {
                let weighted = gates.rows_generic(0, Dim::<Gates>::name());
                self.matrix.add(&mut later, &w_hh_t, &weighted);
            }
        }
    }
}
