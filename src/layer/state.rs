//! What recurrent layers carry from one call to the next.

use super::Memory;

/// What a recurrent layer carries from one call to the next. A clone of it is a point to come back
/// to.
pub trait State<T>: Clone + Send + Sync + 'static {
    /// How much memory [`State::new`] takes, a column for each lane.
    const MEMORY: Memory;
    /// The state before the first step, for a number of lanes.
    fn new(lanes: usize) -> Self;
    /// Puts one lane back to the state before the first step.
    fn reset(&mut self, lane: usize);
    /// Calls `each` with all values of every part, a column a lane, always in the same order: to
    /// save a state, and to restore it.
    fn visit(&mut self, each: &mut dyn FnMut(&mut [T]));
}

impl<T> State<T> for () {
    const MEMORY: Memory = Memory::NONE;
    fn new(_: usize) {}
    fn reset(&mut self, _: usize) {}
    fn visit(&mut self, _: &mut dyn FnMut(&mut [T])) {}
}

impl<T, A: State<T>, B: State<T>> State<T> for (A, B) {
    const MEMORY: Memory = A::MEMORY.and(B::MEMORY);

    fn new(lanes: usize) -> Self {
        (A::new(lanes), B::new(lanes))
    }

    fn reset(&mut self, lane: usize) {
        self.0.reset(lane);
        self.1.reset(lane);
    }

    fn visit(&mut self, each: &mut dyn FnMut(&mut [T])) {
        self.0.visit(each);
        self.1.visit(each);
    }
}
