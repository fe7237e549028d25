//! What a layer keeps from forward to backward, and how much memory that is.

use super::{Scratch, Steps};

/// What a layer keeps for backward, and the working memory that is its own.
pub trait Tape: Sized + Send + Sync + 'static {
    /// How much memory [`Tape::new`] takes in training.
    const MEMORY: Memory;
    /// How much it takes for inference only, of one lane, each piece of memory counted by itself.
    const INFERENCE: Memory = Self::MEMORY;
    /// Working memory that each pass needs beside it, from [`Context::scratch`](super::Context::scratch()).
    const SCRATCH: Scratch = Scratch::NONE;
    /// Makes it for at most `columns` columns in at most `lanes` lanes; for inference only, when
    /// not `training`.
    fn new(columns: usize, lanes: usize, training: bool) -> Self;
}

impl Tape for () {
    const MEMORY: Memory = Memory::NONE;
    fn new(_: usize, _: usize, _: bool) {}
}

impl<A: Tape, B: Tape> Tape for (A, B) {
    const MEMORY: Memory = A::MEMORY.and(B::MEMORY);
    const INFERENCE: Memory = A::INFERENCE.and(B::INFERENCE);
    const SCRATCH: Scratch = A::SCRATCH.or(B::SCRATCH);

    fn new(columns: usize, lanes: usize, training: bool) -> Self {
        (A::new(columns, lanes, training), B::new(columns, lanes, training))
    }
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
    /// In how many pieces.
    pub pieces: usize,
}

impl Memory {
    /// No memory.
    pub const NONE: Self =
        Self { scalars_per_column: 0, scalars: 0, bytes_per_column: 0, pieces: 0 };

    /// A piece of this many scalars for each column.
    pub const fn per_column(scalars: usize) -> Self {
        Self { scalars_per_column: scalars, pieces: (scalars > 0) as usize, ..Self::NONE }
    }

    /// A piece of this many scalars, however many columns there are.
    pub const fn fixed(scalars: usize) -> Self {
        Self { scalars, pieces: (scalars > 0) as usize, ..Self::NONE }
    }

    /// A piece of this many bytes for each column.
    pub const fn bytes_per_column(bytes: usize) -> Self {
        Self { bytes_per_column: bytes, pieces: (bytes > 0) as usize, ..Self::NONE }
    }

    /// Both together.
    pub const fn and(self, other: Self) -> Self {
        Self {
            scalars_per_column: self.scalars_per_column.saturating_add(other.scalars_per_column),
            scalars: self.scalars.saturating_add(other.scalars),
            bytes_per_column: self.bytes_per_column.saturating_add(other.bytes_per_column),
            pieces: self.pieces + other.pieces,
        }
    }

    /// For each column that goes into layers which do `steps`, the memory for what comes out of them.
    pub const fn after(self, steps: Steps) -> Self {
        Self {
            scalars_per_column: steps.of(self.scalars_per_column),
            bytes_per_column: steps.of(self.bytes_per_column),
            ..self
        }
    }

    /// Bytes for `columns` columns of `f32`.
    pub const fn bytes(self, columns: usize) -> usize {
        4 * (self.scalars_per_column * columns + self.scalars) + self.bytes_per_column * columns
    }

    /// Bytes for `columns` columns of `f32` where each piece starts on a cache line, as in a
    /// [`Heap`](crate::Heap): never less than they take.
    pub const fn lines(self, columns: usize) -> usize {
        (self.bytes(columns) + 63 * self.pieces).next_multiple_of(64)
    }
}
