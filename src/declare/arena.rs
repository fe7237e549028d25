//! The memory of a stack of layers, and the matrices that lie in it.

use super::plan::{Place, Plan, Plans};
use crate::kernel::{Buffer, Real};
use crate::layer::{Backward, Context, Features, Layer};
use crate::shape::{Columns, ColumnsMut, Dimension, Shape, columns, columns_mut};

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
    pub fn flow<'a, const VALUES: usize>(
        &'a mut self,
        plan: &'a Plan<VALUES>,
        last: &'a mut [T],
    ) -> Flow<'a, T, VALUES> {
        Flow { plan, arena: self, last }
    }

    /// The values of a stack and the gradients by them, the last of which are the caller's.
    pub fn reflow<'a, const VALUES: usize>(
        &'a mut self,
        plans: &'a Plans<VALUES>,
        y: &'a [T],
        dy: &'a mut [T],
    ) -> Reflow<'a, T, VALUES> {
        Reflow { plans, arena: self, y, dy }
    }
}

/// The values of a stack while a pass goes through it.
pub struct Flow<'a, T: Real, const VALUES: usize> {
    plan: &'a Plan<VALUES>,
    arena: &'a mut Arena<T>,
    last: &'a mut [T],
}

impl<T: Real, const VALUES: usize> Flow<'_, T, VALUES> {
    /// Value `i`, of `n` columns, to be written.
    pub fn at<R: Dimension>(&mut self, i: usize, n: usize) -> ColumnsMut<'_, T, R> {
        columns_mut(match self.plan.range(i, n, self.arena.capacity) {
            Some(range) => &mut self.arena.data[range],
            None => &mut *self.last,
        })
    }

    /// Value `from`, to be read, and value `to`, to be written, each with its number of columns.
    /// When both are one, because the layer between them works in place, the first has no columns.
    #[inline]
    pub fn between<A: Dimension, B: Dimension>(
        &mut self,
        (from, from_columns): (usize, usize),
        (to, to_columns): (usize, usize),
    ) -> (Columns<'_, T, A>, ColumnsMut<'_, T, B>) {
        let capacity = self.arena.capacity;
        let from = self.plan.range(from, from_columns, capacity);
        let to = self.plan.range(to, to_columns, capacity);
        let data = &mut self.arena.data;
        let (from, to): (&[T], &mut [T]) = match (from, to) {
            (Some(from), Some(to)) if from.start != to.start => {
                let [from, to] =
                    data.get_disjoint_mut([from, to]).expect("the plan keeps values apart");
                (from, to)
            }
            (Some(from), None) => (&data[from], &mut *self.last),
            (_, Some(to)) => (&[], &mut data[to]),
            (None, None) => (&[], &mut *self.last),
        };
        (columns(from), columns_mut(to))
    }
}

/// The values of a stack, and the gradients by them, while a backward pass goes through it.
pub struct Reflow<'a, T: Real, const VALUES: usize> {
    plans: &'a Plans<VALUES>,
    arena: &'a mut Arena<T>,
    y: &'a [T],
    dy: &'a mut [T],
}

/// The matrices of a layer's backward pass.
pub struct Matrices<'a, L: Layer<In>, In: Shape, T: Real> {
    /// [`Backward::x`]
    pub x: Columns<'a, T, In::Features>,
    /// [`Backward::ids`]
    pub ids: Columns<'a, u32, In::Features>,
    /// [`Backward::y`]
    pub y: Columns<'a, T, Features<L, In>>,
    /// [`Backward::dy`]
    pub dy: ColumnsMut<'a, T, Features<L, In>>,
    /// [`Backward::dx`]
    pub dx: Option<ColumnsMut<'a, T, In::Features>>,
}

impl<'a, L: Layer<In>, In: Shape, T: Real> Matrices<'a, L, In, T> {
    /// With what else a layer goes backward.
    #[inline]
    pub fn pass(
        self,
        params: &'a L::Params<T>,
        gradient: &'a mut L::Params<T>,
        tape: &'a mut L::Tape<T>,
        cx: Context<'a, T>,
    ) -> Backward<'a, L, In, T> {
        let Self { x, ids, y, dy, dx } = self;
        Backward { params, gradient, tape, x, ids, y, dy, dx, cx }
    }
}

impl<T: Real, const VALUES: usize> Reflow<'_, T, VALUES> {
    /// The matrices of the first layer, for which the caller has `x`, `ids` and `dx`.
    #[inline]
    pub fn first<'b, L: Layer<In>, In: Shape>(
        &'b mut self,
        (x, ids): (Columns<'b, T, In::Features>, Columns<'b, u32, In::Features>),
        columns: usize,
        dx: Option<ColumnsMut<'b, T, In::Features>>,
    ) -> Matrices<'b, L, In, T> {
        let matrices = self.at::<L, In>((0, 0), (1, columns), false);
        Matrices { x, ids, dx, ..matrices }
    }

    /// The matrices of the layer that leads from value `from` to value `to`, with the gradient by the
    /// first if it is `wanted` and has a place of its own. A layer that works in place sees no `x`,
    /// and only one that needs it sees `y`.
    #[inline]
    pub fn at<L: Layer<In>, In: Shape>(
        &mut self,
        (from, from_columns): (usize, usize),
        (to, to_columns): (usize, usize),
        wanted: bool,
    ) -> Matrices<'_, L, In, T> {
        let Self { plans: Plans { values, gradients, reads_output, .. }, arena, y, dy } = self;
        let places = Places {
            values: [values.place(from), values.place(to)],
            gradients: [gradients.place(from), gradients.place(to)],
            columns: [from_columns, to_columns],
            reads_output: reads_output[to],
            wanted,
        };
        let Slices { x, y, dx, dy } = places.slices(arena, y, dy);
        Matrices {
            x: columns(x),
            ids: columns(&[]),
            y: columns(y),
            dy: columns_mut(dy),
            dx: dx.map(columns_mut),
        }
    }
}

/// Where a layer's matrices lie in a backward pass: what goes in and what comes out.
struct Places {
    values: [Place; 2],
    gradients: [Place; 2],
    columns: [usize; 2],
    reads_output: bool,
    wanted: bool,
}

/// `x` and `y`, `dx` and `dy`.
struct Slices<'a, T> {
    x: &'a [T],
    y: &'a [T],
    dx: Option<&'a mut [T]>,
    dy: &'a mut [T],
}

impl Places {
    /// What lies there, or `y` and `dy` where these are the caller's. Not generic in the layer, so
    /// that it is compiled once and not for each.
    #[inline(never)]
    fn slices<'a, T: Real>(
        self,
        arena: &'a mut Arena<T>,
        y: &'a [T],
        dy: &'a mut [T],
    ) -> Slices<'a, T> {
        let (in_place, capacity) =
            (self.gradients[0].start == self.gradients[1].start, arena.capacity);
        let ([x_place, y_place], [dx_place, dy_place]) = (self.values, self.gradients);
        let [from, to] = self.columns;
        let ranges = [
            x_place.range(from, capacity).filter(|_| !in_place),
            y_place.range(to, capacity).filter(|_| self.reads_output),
            dx_place.range(from, capacity).filter(|_| self.wanted && !in_place),
            dy_place.range(to, capacity),
        ];
        let is_there = ranges.each_ref().map(Option::is_some);
        let [x, own_y, dx, own_dy] = arena
            .data
            .get_disjoint_mut(ranges.map(Option::unwrap_or_default))
            .expect("the plans keep apart what is needed at once");
        Slices {
            x,
            y: if !is_there[1] && self.reads_output { y } else { own_y },
            dx: is_there[2].then_some(dx),
            dy: if is_there[3] { own_dy } else { dy },
        }
    }
}
