//! Lengths cut in parts of nearly the same size.

/// Deals `len` out to as few parts of at most `most` as possible, all of nearly the same size:
/// their starts and sizes.
#[inline(always)]
pub(super) fn deal(len: usize, most: usize) -> Deal {
    let parts = len.div_ceil(most);
    Deal { start: 0, size: len / parts.max(1), larger: len % parts.max(1), parts }
}

/// What [`deal`] returns.
#[derive(Clone, Copy)]
pub(super) struct Deal {
    start: usize,
    size: usize,
    /// Parts that are one larger than `size`.
    larger: usize,
    parts: usize,
}

#[cfg(feature = "batches")]
impl Deal {
    /// What is left after so many parts.
    #[inline(always)]
    pub fn after(mut self, parts: usize) -> Self {
        let parts = parts.min(self.parts);
        let larger = parts.min(self.larger);
        self.start += parts * self.size + larger;
        self.larger -= larger;
        self.parts -= parts;
        self
    }
}

impl Iterator for Deal {
    type Item = (usize, usize);

    #[inline(always)]
    fn next(&mut self) -> Option<(usize, usize)> {
        if self.parts == 0 {
            return None;
        }
        let size = self.size + usize::from(self.larger > 0);
        let start = self.start;
        self.parts -= 1;
        self.larger = self.larger.saturating_sub(1);
        self.start += size;
        Some((start, size))
    }

    #[inline(always)]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.parts, Some(self.parts))
    }
}

impl ExactSizeIterator for Deal {}
