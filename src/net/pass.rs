//! What a pass through a network needs, in training or inference.

use super::Weights;
use super::network::{Network, OutputMatrix, outputs};
use crate::data::Batch;
use crate::kernel::conv::PIECES;
use crate::kernel::{Buffer, Real};
use crate::layer::{Context, Forward, Layer, Scratch, State, Steps, Tape};
use crate::shape::{
    Columns, Elements, Shape, columns, columns_mut, differs, to_channels_first, to_channels_last,
};
use alloc::boxed::Box;

/// The memory of a pass.
pub(super) struct Pass<N: Network, T: Real> {
    /// The most columns and sequences that there is room for.
    columns: usize,
    pub lanes: usize,
    /// The most pieces that columns are dealt to.
    pub pieces: usize,
    pub tape: Box<N::Tape<T>>,
    pub state: N::State<T>,
    /// What layers work in, one after the other.
    pub scratch: Buffer<T>,
    /// The input with the channels innermost, where the batch has them otherwise.
    pub input: Buffer<T>,
    /// The output with the channels innermost.
    pub output: Buffer<T>,
    /// The output in the order channels, height, width, where that differs.
    shown: Buffer<T>,
}

/// Numbers and ids as a network sees them, of which there are no columns of one or the other.
pub(super) type Entered<'a, N, T> = (
    Columns<'a, T, <<N as Network>::Input as Shape>::Features>,
    Columns<'a, u32, <<N as Network>::Input as Shape>::Features>,
);

impl<N: Network, T: Real> Pass<N, T> {
    /// What the network does to the number of steps.
    pub const STEPS: Steps = <N as Layer<N::Input>>::STEPS;

    pub fn new(columns: usize, lanes: usize, training: bool) -> Self {
        Self::in_pieces(PIECES, columns, lanes, training)
    }

    /// For columns that are dealt to no more than so many pieces: 1 for a pass that stays with one core.
    pub fn in_pieces(pieces: usize, columns: usize, lanes: usize, training: bool) -> Self {
        Self {
            columns,
            lanes,
            pieces,
            tape: Box::new(Tape::new(columns, lanes, training)),
            state: State::new(lanes),
            scratch: Scratch::of::<N::Tape<T>, T>(columns.min(pieces), training),
            input: room::<N::Input, T>(columns),
            output: Buffer::zeroed(N::Output::SIZE * Self::STEPS.of(columns)),
            shown: room::<N::Output, T>(Self::STEPS.of(columns)),
        }
    }

    /// Puts all lanes back to the state before the first step.
    pub fn reset(&mut self) {
        (0..self.lanes).for_each(|lane| self.state.reset(lane));
    }

    /// The number of sequences in a batch, and the lengths of those of [several](Batch::lengths).
    ///
    /// # Panics
    /// When there is no room for it, its sequences are not of one length and it does not say of which,
    /// or they are not as many steps as the network takes at a time.
    #[track_caller]
    pub fn lanes_of<'b>(&self, batch: &'b Batch<N::Sample, T>) -> (usize, &'b [usize]) {
        Self::lanes_within([self.columns, self.lanes], batch)
    }

    /// The same where there is room for so many columns and lanes.
    #[track_caller]
    pub fn lanes_within(
        [most_columns, most_lanes]: [usize; 2],
        batch: &Batch<N::Sample, T>,
    ) -> (usize, &[usize]) {
        let (columns, most) = (batch.columns(), most_columns);
        assert!(columns <= most, "a batch of {columns} columns, but there is room for {most}");
        if let Some(lengths) = batch.lengths() {
            let (lanes, most) = (lengths.len(), most_lanes);
            assert!(lanes <= most, "a batch of {lanes} lanes, but there is room for {most}");
            lengths.iter().for_each(|&steps| Self::assert_divides(steps));
            return (lanes, lengths);
        }
        let lanes = most_lanes.min(columns);
        assert!(
            columns == 0 || lanes > 0 && columns.is_multiple_of(lanes),
            "{columns} columns are not the same number of steps for each of {lanes} lanes"
        );
        Self::assert_divides(columns.checked_div(lanes).unwrap_or(0));
        (lanes, &[])
    }

    /// Refuses a number of steps that does not divide by as many as go in at a time.
    #[track_caller]
    #[inline]
    pub fn assert_divides(steps: usize) {
        let takes = const { Self::STEPS.takes() };
        assert!(
            takes == 1 || steps.is_multiple_of(takes),
            "{steps} steps, but {takes} at a time go into this network"
        );
    }

    /// Goes forward over columns, images with their channels outermost.
    #[inline]
    pub fn forward(
        &mut self,
        model: Weights<'_, N, T>,
        elements: Elements<'_, T>,
        cx: Context<'_, T>,
    ) {
        if let (true, Elements::Numbers(x)) = (differs::<N::Input>(), elements) {
            to_channels_last::<N::Input, T>(&mut self.input[..x.len()], x);
        }
        let (x, ids) = entered::<N, T>(&self.input, elements);
        let columns = Self::STEPS.columns(x.ncols() + ids.ncols(), cx.lanes);
        let y = columns_mut(&mut self.output[..N::Output::SIZE * columns]);
        N::forward(Forward {
            params: model.params,
            stats: model.stats,
            state: &mut self.state,
            tape: &mut self.tape,
            x,
            ids,
            y,
            cx: Context { scratch: &mut self.scratch, pieces: self.pieces, ..cx },
        });
        if differs::<N::Output>() {
            let output = &self.output[..N::Output::SIZE * columns];
            to_channels_first::<N::Output, T>(&mut self.shown[..output.len()], output);
        }
    }

    /// The first outputs, images with their channels outermost.
    #[inline]
    pub fn outputs(&self, columns: usize) -> OutputMatrix<'_, N, T> {
        outputs::<N, T>(self.output(columns))
    }

    /// As [`outputs`](Self::outputs), as a slice.
    #[inline]
    pub fn output(&self, columns: usize) -> &[T] {
        let shown = if differs::<N::Output>() { &self.shown } else { &self.output };
        &shown[..N::Output::SIZE * columns]
    }
}

/// Room for columns in the other order of an image, where the two differ.
pub(super) fn room<S: Shape, T: Real>(columns: usize) -> Buffer<T> {
    Buffer::zeroed(if differs::<S>() { S::SIZE * columns } else { 0 })
}

/// Columns as the network sees them, once `copy` holds them with the channels innermost where needed.
pub(super) fn entered<'a, N: Network, T: Real>(
    copy: &'a [T],
    elements: Elements<'a, T>,
) -> Entered<'a, N, T> {
    match elements {
        Elements::Numbers(x) if differs::<N::Input>() => (columns(&copy[..x.len()]), columns(&[])),
        Elements::Numbers(x) => (columns(x), columns(&[])),
        Elements::Ids(ids) => (columns(&[]), columns(ids)),
    }
}
