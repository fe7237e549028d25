//! Memory is planned once: where each activation of a stack of layers lies, and how much there is.

mod order;
#[cfg(test)]
mod tests;

pub use order::{ChannelsFirst, differs, to_channels_first, to_channels_last};

use crate::buffer::Buffer;
use crate::kernel::Real;
use crate::layer::{Backward, Context, Layer};
use crate::shape::{Columns, ColumnsMut, Shape};
use alloc::string::String;
use core::ops::Range;

/// What a layer keeps for backward, and its working memory.
pub trait Tape: Sized + Send + Sync + 'static {
    /// How much memory [`Tape::new`] takes in training.
    const MEMORY: Memory;
    /// Makes it for at most `columns` columns in at most `lanes` lanes; for inference only, when
    /// not `training`.
    fn new(columns: usize, lanes: usize, training: bool) -> Self;
}

impl Tape for () {
    const MEMORY: Memory = Memory::NONE;
    fn new(_: usize, _: usize, _: bool) {}
}

/// An amount of memory, as a function of the number of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Scalars for each column.
    pub scalars_per_column: usize,
    /// Scalars however many columns there are.
    pub scalars: usize,
    /// Other bytes for each column.
    pub bytes_per_column: usize,
}

impl Memory {
    /// No memory.
    pub const NONE: Self = Self { scalars_per_column: 0, scalars: 0, bytes_per_column: 0 };

    /// This many scalars for each column.
    pub const fn per_column(scalars: usize) -> Self {
        Self { scalars_per_column: scalars, ..Self::NONE }
    }

    /// This many scalars, however many columns there are.
    pub const fn fixed(scalars: usize) -> Self {
        Self { scalars, ..Self::NONE }
    }

    /// This many bytes for each column.
    pub const fn bytes_per_column(bytes: usize) -> Self {
        Self { bytes_per_column: bytes, ..Self::NONE }
    }

    /// Both together.
    pub const fn and(self, other: Self) -> Self {
        Self {
            scalars_per_column: self.scalars_per_column.saturating_add(other.scalars_per_column),
            scalars: self.scalars.saturating_add(other.scalars),
            bytes_per_column: self.bytes_per_column.saturating_add(other.bytes_per_column),
        }
    }

    /// Bytes for `columns` columns of `f32`.
    pub const fn bytes(self, columns: usize) -> usize {
        4 * (self.scalars_per_column * columns + self.scalars) + self.bytes_per_column * columns
    }
}

/// Where each value of a stack lies: value 0 goes into the first layer, value `i` comes out of
/// layer `i`.
///
/// The first and the last value belong to the caller. The others lie in one block of memory at
/// `start * columns`; two values with the same start share memory because the layer between them
/// works in place.
#[derive(Clone, Copy, Debug)]
pub struct Plan<const VALUES: usize> {
    start: [usize; VALUES],
    size: [usize; VALUES],
    /// Scalars for each column in all.
    pub total: usize,
}

/// What the plan asks of each layer.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// [`Shape::SIZE`] of the output.
    pub size: usize,
    /// [`Layer::IN_PLACE`].
    pub in_place: bool,
    /// [`Layer::NEEDS_OUTPUT`].
    pub needs_output: bool,
}

impl Needs {
    /// Of the value that goes into a stack.
    pub const fn of_input<In: Shape>() -> Self {
        Self { size: In::SIZE, in_place: false, needs_output: false }
    }

    /// The needs of layer `L` after a shape `In`.
    pub const fn of<L: Layer<In>, In: Shape>() -> Self {
        Self { size: <L::Out as Shape>::SIZE, in_place: L::IN_PLACE, needs_output: L::NEEDS_OUTPUT }
    }
}

/// Values start at multiples of this many scalars, so that each lies on cache lines of its own.
const LINE: usize = 16;

/// For each layer, whether one before it has parameters, given the number of each one's.
pub const fn learns_before<const LAYERS: usize>(parameters: [usize; LAYERS]) -> [bool; LAYERS] {
    let mut learns = [false; LAYERS];
    let mut i = 1;
    while i < LAYERS {
        learns[i] = learns[i - 1] || parameters[i - 1] > 0;
        i += 1;
    }
    learns
}

/// The start of a value that belongs to the caller.
const OUTSIDE: usize = usize::MAX;

impl<const VALUES: usize> Plan<VALUES> {
    /// For training: each value is kept until backward, but for those that a layer which works in
    /// place may overwrite. `needs[i]` is of layer `i`; `needs[0]` of the input, its size only.
    pub const fn keep(needs: [Needs; VALUES]) -> Self {
        let mut plan = Self { start: [OUTSIDE; VALUES], size: [0; VALUES], total: 0 };
        let mut i = 0;
        while i < VALUES {
            plan.size[i] = needs[i].size;
            i += 1;
        }
        // From the end, so that what is overwritten in place lies where it ends up.
        let mut i = VALUES - 1;
        while i > 1 {
            i -= 1;
            if needs[i + 1].in_place && !needs[i].needs_output {
                plan.start[i] = plan.start[i + 1];
            } else {
                plan.start[i] = plan.total;
                plan.total += needs[i].size.next_multiple_of(LINE);
            }
        }
        plan
    }

    /// For inference, and for the gradients of a backward pass: no value is needed for longer than
    /// the next layer takes, so two regions serve in turn.
    pub const fn alternate(needs: [Needs; VALUES]) -> Self {
        let mut plan = Self { start: [OUTSIDE; VALUES], size: [0; VALUES], total: 0 };
        let mut largest = [0; 2];
        let mut side = 0;
        let mut i = VALUES;
        while i > 0 {
            i -= 1;
            plan.size[i] = needs[i].size;
            if i == 0 || i == VALUES - 1 {
                continue;
            }
            if !needs[i + 1].in_place {
                side = 1 - side;
            }
            // A value that is overwritten by the caller's last value has no place of its own.
            plan.start[i] = if needs[i + 1].in_place { plan.start[i + 1] } else { side };
            let size = needs[i].size.next_multiple_of(LINE);
            if plan.start[i] != OUTSIDE && size > largest[side] {
                largest[side] = size;
            }
        }
        let mut i = 1;
        while i + 1 < VALUES {
            if plan.start[i] == 1 {
                plan.start[i] = largest[0];
            }
            i += 1;
        }
        plan.total = largest[0] + largest[1];
        plan
    }

    /// Where value `i` lies when there are `columns` of it and room for `capacity`; `None` when
    /// it is the caller's.
    fn range(&self, i: usize, columns: usize, capacity: usize) -> Option<Range<usize>> {
        let start = self.start[i];
        (start != OUTSIDE).then(|| start * capacity..start * capacity + self.size[i] * columns)
    }
}

/// The memory of a plan: the values of a stack of layers, or their gradients.
pub struct Arena<T> {
    data: Buffer<T>,
    capacity: usize,
}

impl<T: Real> Arena<T> {
    /// Room for `total` scalars in each of `capacity` columns.
    pub fn new(total: usize, capacity: usize) -> Self {
        Self { data: Buffer::zeroed(total * capacity), capacity }
    }

    /// The values of a stack, the last of which is the caller's.
    pub fn flow<'a, Out: Shape, const VALUES: usize>(
        &'a mut self,
        plan: &'a Plan<VALUES>,
        last: ColumnsMut<'a, Out, T>,
    ) -> Flow<'a, Out, T, VALUES> {
        Flow { plan, arena: self, last }
    }

    /// Reads value `i`, of `columns` columns; `None` when it is the caller's.
    pub fn read<S: Shape, const VALUES: usize>(
        &self,
        plan: &Plan<VALUES>,
        i: usize,
        columns: usize,
    ) -> Option<Columns<'_, S, T>> {
        let range = plan.range(i, columns, self.capacity)?;
        Some(Columns::from_numbers(&self.data[range]))
    }
}

/// The values of a stack while a pass goes through it.
pub struct Flow<'a, Out: Shape, T: Real, const VALUES: usize> {
    plan: &'a Plan<VALUES>,
    arena: &'a mut Arena<T>,
    last: ColumnsMut<'a, Out, T>,
}

impl<Out: Shape, T: Real, const VALUES: usize> Flow<'_, Out, T, VALUES> {
    /// Value `i`, of `columns` columns, to be written.
    pub fn at<S: Shape>(&mut self, i: usize, columns: usize) -> ColumnsMut<'_, S, T> {
        match self.plan.range(i, columns, self.arena.capacity) {
            Some(range) => ColumnsMut::new(&mut self.arena.data[range]),
            None => self.last.reborrow().reshape(),
        }
    }

    /// Value `from`, to be read, and value `to`, to be written. When both are one, because the
    /// layer between them works in place, the first has no columns.
    pub fn between<A: Shape, B: Shape>(
        &mut self,
        (from, from_columns): (usize, usize),
        (to, to_columns): (usize, usize),
    ) -> (ColumnsMut<'_, A, T>, ColumnsMut<'_, B, T>) {
        let capacity = self.arena.capacity;
        let from = self.plan.range(from, from_columns, capacity);
        let to = self.plan.range(to, to_columns, capacity);
        match (from, to) {
            (Some(from), Some(to)) if from.start != to.start => {
                let [from, to] = self
                    .arena
                    .data
                    .get_disjoint_mut([from, to])
                    .expect("the plan keeps values apart");
                (ColumnsMut::new(from), ColumnsMut::new(to))
            }
            (Some(from), None) => {
                (ColumnsMut::new(&mut self.arena.data[from]), self.last.reborrow().reshape())
            }
            (_, Some(to)) => (ColumnsMut::new(&mut []), ColumnsMut::new(&mut self.arena.data[to])),
            (None, None) => (ColumnsMut::new(&mut []), self.last.reborrow().reshape()),
        }
    }
}

impl<Out: Shape, T: Real, const VALUES: usize> Flow<'_, Out, T, VALUES> {
    /// As [`between`](Self::between), for gradients: that of value `from`, to be written if it is
    /// `wanted` and has a place of its own, and that of value `to`.
    pub fn back<A: Shape, B: Shape>(
        &mut self,
        from: (usize, usize),
        to: (usize, usize),
        wanted: bool,
    ) -> (Option<ColumnsMut<'_, A, T>>, ColumnsMut<'_, B, T>) {
        let (dx, dy) = self.between(from, to);
        ((wanted && dx.count() > 0).then_some(dx), dy)
    }
}

/// Looks for the first layer with an output that is not finite.
#[derive(Debug, Default)]
pub struct Watch {
    /// The layer's path, once there is one.
    pub found: Option<String>,
}

/// One layer's memory, in the order of a forward pass.
pub struct Owned<'a, L: Layer<In>, In: Shape, T: Real> {
    /// The layer's parameters.
    pub params: &'a L::Params<T>,
    /// The layer's statistics.
    pub stats: &'a L::Stats<T>,
    /// The layer's state.
    pub state: &'a mut L::State<T>,
    /// The layer's tape.
    pub tape: &'a mut L::Tape<T>,
}

/// Takes one layer forward, in place or not, as the plan has it.
pub fn forward<L: Layer<In>, In: Shape, T: Real>(
    name: &'static str,
    own: Owned<'_, L, In, T>,
    x: Columns<'_, In, T>,
    mut y: ColumnsMut<'_, L::Out, T>,
    cx: &mut Context<'_, T>,
) {
    let mut input = x;
    if L::IN_PLACE && x.count() > 0 {
        y.as_mut_slice().copy_from_slice(x.numbers());
        input = Columns::empty();
    }
    let found = cx.watch.as_ref().is_some_and(|watch| watch.found.is_some());
    L::forward(own.params, own.stats, own.state, input, y.reborrow(), own.tape, cx);
    if let (false, Some(watch)) = (found, &mut cx.watch) {
        match &mut watch.found {
            // A layer inside this one, which knows its own name only.
            Some(inner) => *inner = alloc::format!("{name}.{inner}"),
            none if y.as_slice().iter().any(|v| !v.is_finite()) => *none = Some(name.into()),
            _ => {}
        }
    }
}

/// Takes one layer backward, in place or not, as the plan has it.
pub fn backward<L: Layer<In>, In: Shape, T: Real>(
    params: &L::Params<T>,
    gradient: &mut L::Params<T>,
    mut pass: Backward<'_, In, L::Out, T>,
    tape: &mut L::Tape<T>,
    cx: &mut Context<'_, T>,
) {
    if !L::IN_PLACE {
        return L::backward(params, gradient, pass, tape, cx);
    }
    let dx = pass.dx.take();
    let (y, dy) = (pass.y, pass.dy.reborrow());
    L::backward(params, gradient, Backward { x: Columns::empty(), y, dy, dx: None }, tape, cx);
    if let Some(mut dx) = dx {
        dx.as_mut_slice().copy_from_slice(pass.dy.as_slice());
    }
}

/// That two shapes are one, if both are known; the template has two holes, for the one and the
/// other.
pub const fn same_shape<A: Shape, B: Shape>(template: &'static str) -> crate::check::Check {
    let (a, b) = (A::DIMS, B::DIMS);
    let same = a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
    crate::check::Check::require(same || A::SIZE == 0 || B::SIZE == 0, template)
        .shape::<A>()
        .shape::<B>()
}
