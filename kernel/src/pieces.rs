//! A slice that several threads write, each its own piece.

use core::marker::PhantomData;

/// A slice cut in pieces of equal length, but for a shorter last one.
pub struct Pieces<'a, T> {
    start: *mut T,
    len: usize,
    piece: usize,
    slice: PhantomData<&'a mut [T]>,
}

// SAFETY: each piece is taken once, by the contract of `take`, so nothing is shared.
unsafe impl<T: Send> Sync for Pieces<'_, T> {}

impl<'a, T> Pieces<'a, T> {
    /// Cuts `slice` in pieces of `piece` elements.
    pub fn new(slice: &'a mut [T], piece: usize) -> Self {
        Self { start: slice.as_mut_ptr(), len: slice.len(), piece, slice: PhantomData }
    }

    /// Piece `i`; empty when it would lie behind the end.
    ///
    /// # Safety
    /// No piece is taken twice.
    #[allow(clippy::mut_from_ref, reason = "every piece has one owner")]
    pub unsafe fn take(&self, i: usize) -> &'a mut [T] {
        let start = (i * self.piece).min(self.len);
        let len = self.piece.min(self.len - start);
        // SAFETY: it lies inside the slice, and nobody else has it.
        unsafe { core::slice::from_raw_parts_mut(self.start.add(start), len) }
    }
}
