//! Sequences side by side, which need not be of one length.

use super::Context;
use crate::kernel::Real;
use core::ops::Range;

/// Which columns are the steps of which sequence. Column `i` is step `i / lanes` of lane `i % lanes`;
/// a lane that is shorter than others is followed by columns that are none of its steps.
#[derive(Clone, Copy, Debug)]
pub struct Lanes<'a> {
    columns: usize,
    count: usize,
    /// The steps of each lane as they went into the network; none, where all have as many.
    lengths: &'a [usize],
    /// The largest of these, and how many steps there are of it here. For a step of a signal that is played
    /// the divisions that this takes would be a large part.
    longest: usize,
    steps: usize,
}

impl<'a, T: Real> Context<'a, T> {
    /// Which of so many columns belong to which lane. Where a layer before has left one step of each
    /// lane, there is one.
    #[inline]
    pub fn lanes_of(&self, columns: usize) -> Lanes<'a> {
        Lanes::new(columns, self.lanes, self.lengths)
    }
}

impl<'a> Lanes<'a> {
    /// So many columns in so many lanes, with the steps of each, unless these are all the same.
    #[inline]
    pub(crate) fn new(columns: usize, lanes: usize, lengths: &'a [usize]) -> Self {
        let count = lanes.min(columns);
        if lengths.is_empty() || columns <= count {
            return Self { columns, count, lengths: &[], longest: 0, steps: 0 };
        }
        Self::of_lengths(columns, count, lengths)
    }

    /// Lanes that are not all of one length. By itself, so that what a step of a signal takes is short.
    #[cold]
    #[inline(never)]
    fn of_lengths(columns: usize, count: usize, lengths: &'a [usize]) -> Self {
        let longest = lengths.iter().copied().max().unwrap_or(0);
        Self { columns, count, lengths, longest, steps: columns / count }
    }

    /// How many columns there are.
    #[inline]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many lanes there are.
    #[inline]
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many steps a lane has.
    #[inline]
    pub fn length(&self, lane: usize) -> usize {
        match self.lengths.get(lane) {
            // Where layers have changed the number of steps, that of each lane is as many times what it was.
            Some(&length) if self.steps != self.longest => length * self.steps / self.longest,
            Some(&length) => length,
            None => self.steps(),
        }
    }

    /// Whether all lanes have the same length.
    #[inline]
    pub fn are_alike(&self) -> bool {
        self.lengths.is_empty()
    }

    /// How many steps the longest lane has.
    #[inline]
    pub fn steps(&self) -> usize {
        if self.are_alike() {
            self.columns.checked_div(self.count).unwrap_or(0)
        } else {
            self.steps
        }
    }

    /// The columns that are steps of their lanes, as few ranges of them as there are.
    pub fn present(self) -> impl Iterator<Item = Range<usize>> + Clone {
        let (mut end, columns) = (0, self.columns);
        core::iter::from_fn(move || {
            if self.are_alike() && end == 0 && columns > 0 {
                end = columns;
                return Some(0..columns);
            }
            let start = (end..columns).find(|&column| self.has(column))?;
            end = (start..columns).find(|&column| !self.has(column)).unwrap_or(columns);
            Some(start..end)
        })
    }

    /// The column of each lane's last step.
    #[inline]
    pub fn last(&self) -> impl Iterator<Item = usize> {
        let Self { count, .. } = *self;
        (0..count).map(move |lane| (self.length(lane) - 1) * count + lane)
    }

    /// The column of the step that is as far from the end of its lane as this column's is from the
    /// beginning; none for a column beyond the end.
    #[inline]
    pub fn mirror(&self, column: usize) -> Option<usize> {
        let (step, lane) = (column / self.count, column % self.count);
        let length = self.length(lane);
        (step < length).then(|| (length - 1 - step) * self.count + lane)
    }

    /// Whether a column is a step of its lane.
    #[inline]
    pub fn has(&self, column: usize) -> bool {
        column / self.count < self.length(column % self.count)
    }

    /// Sets the columns beyond the ends of lanes to zero; a column has `rows` values.
    pub fn clear_rest<T: Real>(&self, values: &mut [T], rows: usize) {
        if self.are_alike() {
            return;
        }
        for (column, values) in values.chunks_exact_mut(rows).enumerate() {
            if !self.has(column) {
                values.fill(T::ZERO);
            }
        }
    }
}
