//! How what slides over an image lies on one of its axes.

use crate::sizes::{product, sum};
use core::ops::Range;

/// An axis of an image, and the positions of a filter or a window on it.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    pub(crate) size: usize,
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    /// The border before and after.
    pub(crate) before: usize,
    pub(crate) after: usize,
    pub(crate) dilation: usize,
    pub(crate) positions: usize,
}

impl Axis {
    /// An axis of `size` pixels with borders before and after, over which a filter of `kernel` taps,
    /// `dilation` pixels from one to the next, goes in steps of `stride` pixels.
    ///
    /// A filter that does not fit, or does not move, has no positions.
    ///
    /// # Panics
    /// If the pixels with their borders, or those that a filter spans, are more than a `usize` holds.
    pub const fn new(
        size: usize,
        kernel: usize,
        stride: usize,
        [before, after]: [usize; 2],
        dilation: usize,
    ) -> Self {
        let axis = Self { size, kernel, stride, before, after, dilation, positions: 0 };
        // Whatever is added up along an axis is a part of this.
        let reach = product(&[dilation, kernel.saturating_sub(1)]);
        let _ = sum(&[size, before, after, reach, 1]);
        let span = axis.reach() + 1;
        if stride == 0 || kernel == 0 || axis.padded() < span {
            return axis;
        }
        Self { positions: (axis.padded() - span) / stride + 1, ..axis }
    }

    /// The same with one more position where pixels are left after the last one, for a window that
    /// begins on one of them and hangs over the border. Of pools only.
    pub const fn with_rest(self) -> Self {
        if self.positions == 0 {
            return self;
        }
        let rest = (self.padded() - self.reach() - 1) % self.stride;
        let begins = self.positions * self.stride < self.before + self.size;
        Self { positions: self.positions + (rest > 0 && begins) as usize, ..self }
    }

    /// Input pixels from the first tap to the last.
    pub(crate) const fn reach(&self) -> usize {
        self.dilation * self.kernel.saturating_sub(1)
    }

    /// The input with its borders.
    pub(crate) const fn padded(&self) -> usize {
        self.size + self.before + self.after
    }

    /// Whether at each position a tap is on a pixel, and not all on the border.
    pub const fn sees(&self) -> bool {
        let padded = self.before > 0 || self.after > 0;
        // Taps that are wider apart than the image is can miss it.
        self.before <= self.reach()
            && self.after <= self.reach()
            && (!padded || self.dilation <= self.size)
    }

    /// The taps that are on a pixel at position `at`.
    #[inline(always)]
    pub(crate) fn inside(&self, at: usize) -> Range<usize> {
        let first = at * self.stride;
        let start = self.before.saturating_sub(first);
        let end = (self.before + self.size).saturating_sub(first);
        // A division takes longer than all else.
        if self.dilation == 1 {
            start..self.kernel.min(end)
        } else {
            start.div_ceil(self.dilation)..self.kernel.min(end.div_ceil(self.dilation))
        }
    }

    /// The pixel that `tap` is on at position `at`, as one of [`inside`](Self::inside).
    #[inline(always)]
    pub(crate) fn pixel(&self, at: usize, tap: usize) -> usize {
        at * self.stride + tap * self.dilation - self.before
    }

    /// The taps of a window at position `at` that are on a pixel or, if it counts, on the border.
    #[inline(always)]
    pub(crate) fn counted(&self, at: usize, border: bool) -> usize {
        if border {
            let left = self.padded() - at * self.stride;
            self.kernel.min(if self.dilation == 1 { left } else { left.div_ceil(self.dilation) })
        } else {
            self.inside(at).len()
        }
    }
}
