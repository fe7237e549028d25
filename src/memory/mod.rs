//! Memory is planned once: where each activation of a stack of layers lies, and how much there is.

mod order;
mod plan;
mod scratch;
#[cfg(test)]
mod tests;

pub use order::{ChannelsFirst, differs, to_channels_first, to_channels_last};
pub use plan::{Needs, Plan, Plans};
pub use scratch::{Scalars, Scratch};

use crate::kernel::{Buffer, Real};
use crate::layer::{Backward, Context, Fused, Layer};
use crate::shape::{Columns, ColumnsMut, Shape};
use alloc::string::String;

/// What a layer keeps for backward, and the working memory that is its own.
pub trait Tape: Sized + Send + Sync + 'static {
    /// How much memory [`Tape::new`] takes in training.
    const MEMORY: Memory;
    /// Working memory that each pass needs beside it, from [`Context::scratch()`].
    const SCRATCH: Scratch = Scratch::NONE;
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

    /// The values of a stack and the gradients by them, the last of which are the caller's.
    pub fn reflow<'a, Out: Shape, const VALUES: usize>(
        &'a mut self,
        plans: &'a Plans<VALUES>,
        y: Columns<'a, Out, T>,
        dy: ColumnsMut<'a, Out, T>,
    ) -> Reflow<'a, Out, T, VALUES> {
        Reflow { plans, arena: self, y, dy }
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

/// The values of a stack, and the gradients by them, while a backward pass goes through it.
pub struct Reflow<'a, Out: Shape, T: Real, const VALUES: usize> {
    plans: &'a Plans<VALUES>,
    arena: &'a mut Arena<T>,
    y: Columns<'a, Out, T>,
    dy: ColumnsMut<'a, Out, T>,
}

impl<Out: Shape, T: Real, const VALUES: usize> Reflow<'_, Out, T, VALUES> {
    /// The pass of the first layer, for which the caller has `x` and `dx`.
    pub fn first<'b, A: Shape, B: Shape>(
        &'b mut self,
        x: Columns<'b, A, T>,
        columns: usize,
        dx: Option<ColumnsMut<'b, A, T>>,
    ) -> Backward<'b, A, B, T> {
        let pass = self.at::<A, B>((0, 0), (1, columns), false);
        Backward { x, dx, ..pass }
    }

    /// The pass of the layer that leads from value `from` to value `to`, with the gradient by the
    /// first if it is `wanted` and has a place of its own. A layer that works in place sees no `x`,
    /// and only one that needs it sees `y`.
    pub fn at<A: Shape, B: Shape>(
        &mut self,
        (from, from_columns): (usize, usize),
        (to, to_columns): (usize, usize),
        wanted: bool,
    ) -> Backward<'_, A, B, T> {
        let Self { plans: Plans { values, gradients, reads_output, .. }, arena, .. } = self;
        let capacity = arena.capacity;
        let dy = gradients.range(to, to_columns, capacity);
        let dx = gradients.range(from, from_columns, capacity);
        let in_place = gradients.start[from] == gradients.start[to];
        let ranges = [
            values.range(from, from_columns, capacity).filter(|_| !in_place),
            values.range(to, to_columns, capacity).filter(|_| reads_output[to]),
            dx.filter(|_| wanted && !in_place),
            dy,
        ];
        let is_there = ranges.each_ref().map(Option::is_some);
        let [x, y, dx, dy] = arena
            .data
            .get_disjoint_mut(ranges.map(Option::unwrap_or_default))
            .expect("the plans keep apart what is needed at once");
        Backward {
            x: if is_there[0] { Columns::from_numbers(x) } else { Columns::empty() },
            y: match is_there[1] {
                false if reads_output[to] => self.y.reshape(),
                _ => Columns::from_numbers(y),
            },
            dy: if is_there[3] { ColumnsMut::new(dy) } else { self.dy.reborrow().reshape() },
            dx: is_there[2].then(|| ColumnsMut::new(dx)),
        }
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
    // Who looks at what comes out of a layer wants to see it as it is.
    if cx.watch.is_some() {
        cx.fused = Fused::default();
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
