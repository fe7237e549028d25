//! Slices of which every piece of work gets its own chunk.

/// What is dealt out to pieces of work: [`Chunks`], or a pair of such.
pub trait Share: Send + Sized {
    /// The share of one piece.
    type Piece;
    /// Cuts the shares of the first `pieces` pieces off.
    fn cut(self, pieces: usize) -> (Self, Self);
    /// What is left, which is the share of one piece.
    fn piece(self) -> Self::Piece;
}

/// A slice in chunks of so many elements; where it ends, they are shorter or empty.
pub struct Chunks<'a, T>(pub &'a mut [T], pub usize);

impl<'a, T: Send> Share for Chunks<'a, T> {
    type Piece = &'a mut [T];

    #[inline]
    fn cut(self, pieces: usize) -> (Self, Self) {
        let Self(slice, len) = self;
        let (left, right) = slice.split_at_mut(slice.len().min(pieces.saturating_mul(len)));
        (Self(left, len), Self(right, len))
    }

    #[inline]
    fn piece(self) -> &'a mut [T] {
        self.0
    }
}

impl<A: Share, B: Share> Share for (A, B) {
    type Piece = (A::Piece, B::Piece);

    #[inline]
    fn cut(self, pieces: usize) -> (Self, Self) {
        let ((a, a_rest), (b, b_rest)) = (self.0.cut(pieces), self.1.cut(pieces));
        ((a, b), (a_rest, b_rest))
    }

    #[inline]
    fn piece(self) -> Self::Piece {
        (self.0.piece(), self.1.piece())
    }
}

impl Share for () {
    type Piece = ();

    #[inline]
    fn cut(self, _: usize) -> ((), ()) {
        ((), ())
    }

    #[inline]
    fn piece(self) {}
}
