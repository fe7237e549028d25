//! Working memory that the layers of a network use in turn.

use super::{Memory, Tape};
use crate::buffer::Buffer;
use crate::kernel::Real;
use crate::kernel::conv::PIECES;

/// How much working memory a layer needs during a pass, for nothing that is to last. Since layers
/// run one after the other, a network has as much of it as the layer that needs most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scratch {
    /// Scalars however many columns there are.
    pub scalars: usize,
    /// Scalars for each of the pieces that columns are dealt to: at most [`PIECES`].
    pub scalars_per_piece: usize,
}

impl Scratch {
    /// No memory.
    pub const NONE: Self = Self { scalars: 0, scalars_per_piece: 0 };

    /// Enough for this and for the other, one after the other.
    pub const fn or(self, other: Self) -> Self {
        const fn larger(a: usize, b: usize) -> usize {
            if a > b { a } else { b }
        }
        Self {
            scalars: larger(self.scalars, other.scalars),
            scalars_per_piece: larger(self.scalars_per_piece, other.scalars_per_piece),
        }
    }

    /// As memory that a network with many columns takes.
    pub const fn memory(self) -> Memory {
        Memory::fixed(self.scalars + PIECES * self.scalars_per_piece)
    }

    /// The working memory of a layer with the tape `K`, for at most `columns` columns.
    pub fn of<K: Tape, T: Real>(columns: usize) -> Buffer<T> {
        let Self { scalars, scalars_per_piece } = K::SCRATCH;
        Buffer::zeroed(scalars + columns.clamp(1, PIECES) * scalars_per_piece)
    }
}
