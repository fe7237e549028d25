//! Where the activations of a stack lie, and the gradients by them.

use crate::layer::{Layer, Steps};
use crate::shape::Shape;
use core::ops::Range;

/// Where each value of a stack lies, or the gradient by each: value 0 goes into the first layer,
/// value `i` comes out of layer `i`.
///
/// The first and the last value belong to the caller. The others lie in one block of memory at
/// `start * columns`; two values with the same start share memory because the layer between them
/// works in place.
#[derive(Clone, Copy, Debug)]
pub struct Plan<const VALUES: usize> {
    pub(super) start: [usize; VALUES],
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
    /// [`Layer::STEPS`].
    pub steps: Steps,
}

impl Needs {
    /// Of the value that goes into a stack.
    pub const fn of_input<In: Shape>() -> Self {
        Self { size: In::SIZE, in_place: false, needs_output: false, steps: Steps::KEPT }
    }

    /// The needs of layer `L` after a shape `In`.
    pub const fn of<L: Layer<In>, In: Shape>() -> Self {
        Self {
            size: <L::Out as Shape>::SIZE,
            in_place: L::IN_PLACE,
            needs_output: L::NEEDS_OUTPUT,
            steps: L::STEPS,
        }
    }
}

/// The scalars that each value takes for a column that goes into the stack, which may be more columns, or
/// fewer, where the value is.
const fn rooms<const VALUES: usize>(needs: [Needs; VALUES]) -> [usize; VALUES] {
    let (mut rooms, mut steps, mut i) = ([0; VALUES], Steps::KEPT, 0);
    while i < VALUES {
        steps = steps.then(needs[i].steps);
        rooms[i] = steps.of(needs[i].size).next_multiple_of(LINE);
        i += 1;
    }
    rooms
}

/// Values start at multiples of this many scalars, so that each lies on cache lines of its own.
const LINE: usize = 16;

/// The start of a value that belongs to the caller.
const OUTSIDE: usize = usize::MAX;

impl<const VALUES: usize> Plan<VALUES> {
    /// Each value is kept until backward, but for those that a layer which works in place may
    /// overwrite. Later values lie below earlier ones.
    const fn keep(needs: [Needs; VALUES]) -> Self {
        let mut plan = Self { start: [OUTSIDE; VALUES], size: [0; VALUES], total: 0 };
        let rooms = rooms(needs);
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
                plan.total += rooms[i];
            }
        }
        plan
    }

    /// For inference: no value is needed for longer than the next layer takes, so two regions serve
    /// in turn.
    pub const fn alternate(needs: [Needs; VALUES]) -> Self {
        let mut plan = Self { start: [OUTSIDE; VALUES], size: [0; VALUES], total: 0 };
        let rooms = rooms(needs);
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
            if plan.start[i] != OUTSIDE && rooms[i] > largest[side] {
                largest[side] = rooms[i];
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
    #[inline]
    pub fn range(&self, i: usize, columns: usize, capacity: usize) -> Option<Range<usize>> {
        self.place(i).range(columns, capacity)
    }

    /// Where value `i` lies.
    #[inline]
    pub(super) fn place(&self, i: usize) -> Place {
        Place { start: self.start[i], size: self.size[i] }
    }
}

/// Where a value lies.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub start: usize,
    size: usize,
}

impl Place {
    /// See [`Plan::range`].
    #[inline]
    pub fn range(self, columns: usize, capacity: usize) -> Option<Range<usize>> {
        let Self { start, size } = self;
        (start != OUTSIDE).then(|| start * capacity..start * capacity + size * columns)
    }
}

/// The plans of a training step, for one memory: gradients lie where values lay that backward has
/// done with.
#[derive(Clone, Copy, Debug)]
pub struct Plans<const VALUES: usize> {
    /// The values.
    pub values: Plan<VALUES>,
    /// The gradients by them.
    pub gradients: Plan<VALUES>,
    /// Whether backward reads a value as the output of its layer.
    pub(super) reads_output: [bool; VALUES],
    /// Scalars for each column in all.
    pub total: usize,
}

impl<const VALUES: usize> Plans<VALUES> {
    /// `needs[i]` is of layer `i`; `needs[0]` of the input, its size only.
    pub const fn new(needs: [Needs; VALUES]) -> Self {
        let (first, second) = (Self::turns(needs, true), Self::turns(needs, false));
        if second.total < first.total { second } else { first }
    }

    /// Gradients take turns at the two ends of the memory that is free, the first of them at the
    /// bottom or at the top.
    const fn turns(needs: [Needs; VALUES], at_bottom: bool) -> Self {
        let mut plans = Self {
            values: Plan::keep(needs),
            gradients: Plan::keep(needs),
            reads_output: [false; VALUES],
            total: 0,
        };
        let lift = plans.place_gradients(needs, at_bottom, 0);
        plans.place_gradients(needs, at_bottom, lift);
        let mut i = 0;
        while i < VALUES {
            plans.reads_output[i] = needs[i].needs_output;
            if plans.values.start[i] != OUTSIDE {
                plans.values.start[i] += lift;
            }
            i += 1;
        }
        plans.total = plans.values.total + lift;
        plans
    }

    /// Places all gradients, if the values are to move up by `lift`; returns by how much they must.
    ///
    /// When a layer goes backward, the values before its own are still needed, and its own if it
    /// says so. Later ones lie below these; their memory, and what the lift adds to it, is free for
    /// two gradients: the one that the layer is given and the one that it gives.
    const fn place_gradients(
        &mut self,
        needs: [Needs; VALUES],
        mut at_bottom: bool,
        lift: usize,
    ) -> usize {
        let rooms = rooms(needs);
        let mut needed = 0;
        // The gradient that a layer is given: its size, and the free memory it was placed in.
        let (mut given, mut given_free) = (0, 0);
        let mut i = VALUES - 1;
        while i > 1 {
            if needs[i].in_place {
                self.gradients.start[i - 1] = self.gradients.start[i];
            } else {
                let own = self.values.start[i];
                let reads_own = needs[i].needs_output && own != OUTSIDE;
                let free = if reads_own { own } else { self.values.start[i - 1] };
                let size = rooms[i - 1];
                let room = if at_bottom && given > 0 { given_free } else { free };
                if size + given > room + needed {
                    needed = size + given - room;
                }
                self.gradients.start[i - 1] =
                    if at_bottom { 0 } else { (lift + free).saturating_sub(size) };
                (given, given_free) = (size, free);
                at_bottom = !at_bottom;
            }
            i -= 1;
        }
        needed
    }
}
