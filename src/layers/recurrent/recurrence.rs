//! What a recurrent layer keeps.
//!
//! Where a cell keeps the sums of a gate's inputs and of its hidden values apart, the gate has two
//! parts. The rows of the gates are then in this order: what comes of both, what comes of the hidden
//! values, what comes of the input. So the hidden values make the first ones, in the order of `W_hh`.

use super::step_product::StepProduct;
use crate::kernel::recurrent::{Cell, Single};
use crate::kernel::{Buffer, Real};
use crate::layer::{Entered, FEW_LANES, Memory, Tape};
use crate::shape::{ColumnsMut, Dimension, Shape, columns_mut};
use core::ops::Range;

/// What a recurrent layer with `H` hidden units of the cell `C` keeps.
pub struct Recurrence<C, const GATES: usize, In: Shape, H, T: Real> {
    pub(super) input: Entered<In, T>,
    /// `GATES H x columns`: what goes into the gates, then the gates, then the gradient by the first.
    pub(super) gates: Buffer<T>,
    /// What is added to the rows of the gates that come of the weights: both biases, or that of the
    /// input where the hidden values are apart. On the way back the gradient by it.
    pub(super) bias: Buffer<T>,
    /// `H x (lanes + columns)`: the cells before the first step and after each.
    pub(super) cells: Buffer<T>,
    /// `H x lanes`: the hidden values before the first step.
    pub(super) start: Buffer<T>,
    /// `H x lanes`: the gradient by the hidden values of a step, as far as later steps add to it.
    pub(super) later: Buffer<T>,
    /// `H x lanes`: the gradient by the cells.
    pub(super) dc: Buffer<T>,
    /// The recurrent weights, or their transpose on the way back.
    pub(super) matrix: StepProduct<T>,
    /// The weights in the order of a single step, in place of all above but the input.
    pub(super) single: Option<Single<C, H, T, GATES>>,
}

impl<C: Cell<GATES>, const GATES: usize, In: Shape, H: Dimension, T: Real> Tape
    for Recurrence<C, GATES, In, H, T>
{
    // What is there for each lane is counted for each column: there are no more lanes than columns.
    const MEMORY: Memory = <Entered<In, T> as Tape>::MEMORY
        .and(Memory::per_column(Self::ROWS + 2 * H::USIZE + 3 * Self::CELLS))
        .and(Memory::fixed(Self::WEIGHTED))
        .and(StepProduct::<T>::memory(Self::WEIGHTED, H::USIZE, Self::ROWS));
    // Weights in the order of a single step are there in place of all else.
    const INFERENCE: Memory = <Entered<In, T> as Tape>::INFERENCE.and(if Self::SINGLE {
        Memory::fixed(Single::<C, H, T, GATES>::scalars(In::SIZE))
    } else {
        Memory::per_column(Self::ROWS)
            .and(Memory::per_column(2 * Self::CELLS))
            .and(Memory::fixed(Self::WEIGHTED))
            .and(StepProduct::<T>::memory(Self::WEIGHTED, H::USIZE, Self::ROWS))
    });

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        let input = Tape::new(columns, lanes, training);
        let single = Self::SINGLE && lanes <= FEW_LANES && !training;
        let (columns, lanes, weighted) =
            if single { (0, 0, 0) } else { (columns, lanes, Self::WEIGHTED) };
        let carried = if training { lanes } else { 0 };
        Self {
            input,
            gates: Buffer::zeroed(Self::ROWS * columns),
            bias: Buffer::zeroed(weighted),
            cells: Buffer::zeroed(Self::CELLS * (lanes + columns)),
            start: Buffer::zeroed(H::USIZE * carried),
            later: Buffer::zeroed(H::USIZE * carried),
            dc: Buffer::zeroed(Self::CELLS * carried),
            matrix: StepProduct::new(weighted, H::USIZE, Self::ROWS, lanes),
            single: single.then(|| Single::zeroed(In::SIZE)),
        }
    }
}

impl<C: Cell<GATES>, const GATES: usize, In: Shape, H: Dimension, T: Real>
    Recurrence<C, GATES, In, H, T>
{
    /// Rows of the gates.
    pub(super) const ROWS: usize = GATES * H::USIZE;
    /// Rows of the weights: the first ones of the gates, which the hidden values make.
    pub(super) const WEIGHTED: usize = Self::ROWS - Self::APART;
    /// Rows of the gates that both make: the first ones.
    pub(super) const BOTH: usize = Self::WEIGHTED - Self::APART;
    /// Rows of the gates that the input alone makes, after as many that the hidden values alone make.
    pub(super) const APART: usize = C::APART * H::USIZE;
    /// Rows of the cells.
    pub(super) const CELLS: usize = if C::CELLS { H::USIZE } else { 0 };

    /// Whether single steps have weights in an order of their own, a copy: not where there is no room
    /// for it.
    pub(super) const SINGLE: bool = cfg!(feature = "batches") && Single::<C, H, T, GATES>::SUITS;

    /// The rows of `W_ih`, and the first of the rows of the gates that they make.
    pub(super) fn parts() -> impl Iterator<Item = (Range<usize>, usize)> {
        let parts = [(0..Self::BOTH, 0), (Self::BOTH..Self::WEIGHTED, Self::WEIGHTED)];
        parts.into_iter().filter(|(rows, _)| !rows.is_empty())
    }

    /// The first columns of the gates.
    pub(super) fn gates<Gates: Dimension, Apart: Dimension>(
        gates: &mut [T],
        columns: usize,
    ) -> ColumnsMut<'_, T, Gates::Plus<Apart>> {
        const { assert!(Gates::USIZE == Self::WEIGHTED && Apart::USIZE == Self::APART) };
        columns_mut(&mut gates[..Self::ROWS * columns])
    }
}
