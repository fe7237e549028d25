//! Working memory that the layers of a network use in turn.

use super::{Memory, Steps, Tape};
use crate::kernel::conv::PIECES;
use crate::kernel::{Buffer, Real};

/// How much working memory the passes of a layer need, for nothing that is to last. Since layers
/// run one after the other, a network has as much of it as the layer that needs most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scratch {
    /// In a forward pass.
    pub forward: Scalars,
    /// In a backward pass.
    pub backward: Scalars,
}

/// A number of scalars, as a function of the number of pieces that columns are dealt to: as many as
/// there are columns, but at most [`PIECES`], and in training at least 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scalars {
    /// However many pieces there are.
    pub fixed: usize,
    /// For each piece.
    pub per_piece: usize,
}

impl Scalars {
    /// Enough for either.
    const fn or(self, other: Self) -> Self {
        const fn larger(a: usize, b: usize) -> usize {
            if a > b { a } else { b }
        }
        Self {
            fixed: larger(self.fixed, other.fixed),
            per_piece: larger(self.per_piece, other.per_piece),
        }
    }

    /// For so many times as many columns.
    const fn times(self, factor: usize) -> Self {
        Self { per_piece: self.per_piece.saturating_mul(factor), ..self }
    }
}

impl Scratch {
    /// No memory.
    pub const NONE: Self = {
        let none = Scalars { fixed: 0, per_piece: 0 };
        Self { forward: none, backward: none }
    };

    /// Enough for this and for the other, one after the other.
    pub const fn or(self, other: Self) -> Self {
        Self { forward: self.forward.or(other.forward), backward: self.backward.or(other.backward) }
    }

    /// For the columns that go into layers which do `steps`, what is needed after these.
    pub const fn after(self, steps: Steps) -> Self {
        Self {
            forward: self.forward.times(steps.of(1)),
            backward: self.backward.times(steps.of(1)),
        }
    }

    /// As memory that training with many columns takes.
    pub const fn memory(self) -> Memory {
        let Scalars { fixed, per_piece } = self.forward.or(self.backward);
        Memory::fixed(fixed + PIECES * per_piece)
    }

    /// As memory that inference on so many columns takes.
    pub const fn inference(self, columns: usize) -> Memory {
        let pieces = if columns < 1 {
            1
        } else if columns > PIECES {
            PIECES
        } else {
            columns
        };
        Memory::fixed(self.forward.fixed + pieces * self.forward.per_piece)
    }

    /// The working memory of a layer with the tape `K`, for columns dealt to so many pieces; for
    /// inference only, when not `training`.
    pub fn of<K: Tape, T: Real>(pieces: usize, training: bool) -> Buffer<T> {
        let Self { forward, backward } = K::SCRATCH;
        let (Scalars { fixed, per_piece }, least) =
            if training { (forward.or(backward), 2) } else { (forward, 1) };
        Buffer::zeroed(fixed + pieces.clamp(least, PIECES) * per_piece)
    }
}
