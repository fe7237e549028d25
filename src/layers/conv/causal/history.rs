//! What a layer that looks back carries from call to call.

use crate::kernel::time::{Filter, Filters, Finish};
use crate::kernel::{Buffer, Real};
use crate::layer::{Lanes, Memory, State};
use crate::shape::Dimension;
use core::marker::PhantomData;
use typenum::Unsigned;

/// The most steps that are filtered at once.
const BLOCK: usize = 64;

/// The last `(Kernel - 1) Dilation` steps of each lane, of `Channels` each: what a filter of `Kernel`
/// taps, `Dilation` steps apart, looks back on.
pub struct History<Channels, Kernel, Dilation, T: Real> {
    /// `Channels x lanes` for each of [`ROOM`](Self::ROOM) steps, a ring, and the first [`BLOCK`] of
    /// them once more: so as many steps lie side by side from any one on. None where nothing is looked
    /// back on.
    ring: Buffer<T>,
    /// The step of the ring that is written next.
    next: usize,
    lanes: usize,
    sizes: PhantomData<(Channels, Kernel, Dilation)>,
}

/// Columns side by side, and how far apart they begin.
type Series<'a, T> = (&'a [T], usize);
/// As [`Series`], to be written.
type SeriesMut<'a, T> = (&'a mut [T], usize);

/// New columns, and those that the taps of a filter see for them, in a ring.
pub(crate) struct Run<Ring> {
    pub ring: Ring,
    /// After so many columns the first one follows.
    pub columns: usize,
    /// So many columns, the first ones, lie once more behind these.
    pub repeated: usize,
    /// The first column of the first tap.
    pub first: usize,
    /// The columns from a tap to the next.
    pub shift: usize,
    /// How many columns there are.
    pub count: usize,
}

impl<C: Dimension, K: Dimension, D: Dimension, T: Real> History<C, K, D, T> {
    /// The steps that are looked back on.
    pub const STEPS: usize = K::USIZE.saturating_sub(1).saturating_mul(D::USIZE);
    /// The steps of the ring: with room for a block of new ones.
    const ROOM: usize = if Self::STEPS > 0 { Self::STEPS.saturating_add(BLOCK) } else { 0 };

    /// Filters the new columns of the lanes, and remembers them. 0 is stored in the place of what is
    /// negative if it is to `rectify`.
    #[inline]
    pub(crate) fn filter<Share: Unsigned, F: Unsigned>(
        &mut self,
        filters: &Filters<T>,
        (mut x, x_stride): Series<'_, T>,
        (mut y, y_stride): SeriesMut<'_, T>,
        lanes: Lanes<'_>,
        rectify: bool,
    ) {
        let mut left = lanes.columns();
        let finish = Finish { add: false, rectify };
        if Self::STEPS == 0 {
            let (first, shift, columns, count) = (0, 0, left, left);
            Filter { filters, x, x_stride, columns, first, shift, count, y, y_stride, finish }
                .run::<Share, F, K>();
            return;
        }
        while left > 0 {
            let Run { ring, columns, first, shift, count, .. } =
                self.take((x, x_stride), (left, lanes.count()));
            let (now, later) = y.split_at_mut(count * y_stride);
            Filter {
                filters,
                x: ring,
                x_stride: C::USIZE,
                columns,
                first,
                shift,
                count,
                y: now,
                y_stride,
                finish,
            }
            .run::<Share, F, K>();
            (x, y, left) = (&x[count * x_stride..], later, left - count);
            self.end(lanes, left, count);
        }
    }

    /// Has lanes that end before the last `count` columns that were taken in, or among them, keep what
    /// they had at their end; so many columns are `left`.
    #[inline]
    pub(crate) fn end(&mut self, lanes: Lanes<'_>, left: usize, count: usize) {
        if lanes.are_alike() {
            return;
        }
        let (end, steps) = (lanes.steps() - left / lanes.count(), count / lanes.count());
        let side_by_side = self.lanes;
        for lane in 0..lanes.count() {
            let beyond = end.saturating_sub(lanes.length(lane)).min(steps);
            let at = |step| (step * side_by_side + lane) * C::USIZE;
            for back in 1..=if beyond > 0 { Self::STEPS } else { 0 } {
                let [to, from] = [back, back + beyond].map(|back| self.back(back));
                self.ring.copy_within(at(from)..at(from) + C::USIZE, at(to));
                self.repeat(to, 1);
            }
        }
    }

    /// As [`filter`](Self::filter), for the last of every `Stride` steps only.
    pub(crate) fn filter_last_of<Stride: Unsigned, Share: Unsigned, F: Unsigned>(
        &mut self,
        filters: &Filters<T>,
        (mut x, x_stride): Series<'_, T>,
        (mut y, y_stride): SeriesMut<'_, T>,
        all: Lanes<'_>,
        rectify: bool,
    ) {
        let (mut left, lanes) = (all.columns(), all.count());
        let finish = Finish { add: false, rectify };
        let mut step = 0;
        while left > 0 {
            let (Run { ring, columns, first, shift, count, .. }, ring_stride) = if Self::STEPS == 0
            {
                let (columns, repeated, first, shift, count) = (left, 0, 0, 0, left);
                (Run { ring: x, columns, repeated, first, shift, count }, x_stride)
            } else {
                (self.take((x, x_stride), (left, lanes)), C::USIZE)
            };
            for from in (0..count).step_by(lanes) {
                step += 1;
                if step % Stride::USIZE == 0 {
                    let first = first + from;
                    let first = if first < columns { first } else { first - columns };
                    let (now, later) = y.split_at_mut(lanes * y_stride);
                    Filter {
                        filters,
                        x: ring,
                        x_stride: ring_stride,
                        columns,
                        first,
                        shift,
                        count: lanes,
                        y: now,
                        y_stride,
                        finish,
                    }
                    .run::<Share, F, K>();
                    y = later;
                }
            }
            (x, left) = (&x[count * x_stride..], left - count);
            self.end(all, left, count);
        }
    }

    /// Takes in the first of the new columns, a block of them at most.
    #[inline]
    fn take(
        &mut self,
        (x, x_stride): Series<'_, T>,
        (columns, lanes): (usize, usize),
    ) -> Run<&[T]> {
        let (new, size) = (self.next, C::USIZE);
        let Run { columns, repeated, first, shift, count, .. } = self.make_room(columns, lanes);
        let to = &mut self.ring[new * self.lanes * size..][..count * size];
        if x_stride == size {
            to.copy_from_slice(&x[..to.len()]);
        } else {
            for (to, x) in to.chunks_exact_mut(size.max(1)).zip(x.chunks(x_stride)) {
                to.copy_from_slice(&x[..size]);
            }
        }
        self.repeat(new, count.div_ceil(self.lanes));
        Run { ring: &self.ring, columns, repeated, first, shift, count }
    }

    /// Makes room for the first of the new columns, a block of them at most. They are to be written where
    /// the last tap sees them, and repeated.
    #[inline]
    pub(crate) fn make_room(&mut self, columns: usize, lanes: usize) -> Run<&mut [T]> {
        // Fewer lanes than there is room for lie side by side in one step only.
        let most = if lanes < self.lanes { 1 } else { BLOCK };
        let steps = most.min(if lanes == 1 { columns } else { columns / lanes });
        let (first, end) = (self.back(Self::STEPS), self.next + steps);
        self.next = if end < Self::ROOM { end } else { end - Self::ROOM };
        Run {
            ring: &mut self.ring,
            columns: Self::ROOM * self.lanes,
            repeated: BLOCK * self.lanes,
            first: first * self.lanes,
            shift: D::USIZE * self.lanes,
            count: steps * lanes,
        }
    }

    /// Has steps that were written from `first` on, at most a block, stand wherever they belong.
    #[inline]
    fn repeat(&mut self, first: usize, steps: usize) {
        let (step, end) = (self.lanes * C::USIZE, first + steps);
        if end > Self::ROOM {
            self.ring.copy_within(Self::ROOM * step..end * step, 0);
        }
        if first < BLOCK {
            let written = first * step..end.min(BLOCK) * step;
            self.ring.copy_within(written, (Self::ROOM + first) * step);
        }
    }

    /// The step of the ring so many steps before the one that is written next.
    #[inline]
    fn back(&self, steps: usize) -> usize {
        if steps <= self.next { self.next - steps } else { self.next + Self::ROOM - steps }
    }

    /// Copies the steps that are looked back on, from the first to the last, `lanes` columns each.
    pub(crate) fn copy_to(&self, to: &mut [T], lanes: usize) {
        let (size, step) = (lanes * C::USIZE, self.lanes * C::USIZE);
        for (i, to) in to.chunks_exact_mut(size.max(1)).take(Self::STEPS).enumerate() {
            to.copy_from_slice(&self.ring[self.back(Self::STEPS - i) * step..][..size]);
        }
    }
}

impl<C, K, D, T: Real> Clone for History<C, K, D, T> {
    fn clone(&self) -> Self {
        let Self { ref ring, next, lanes, sizes } = *self;
        Self { ring: ring.clone(), next, lanes, sizes }
    }
}

impl<C: Dimension, K: Dimension, D: Dimension, T: Real> State<T> for History<C, K, D, T> {
    const MEMORY: Memory = {
        let steps = if Self::STEPS > 0 { Self::ROOM.saturating_add(BLOCK) } else { 0 };
        Memory::per_column(steps.saturating_mul(C::USIZE))
    };

    fn new(lanes: usize) -> Self {
        let steps = if Self::STEPS > 0 { Self::ROOM.saturating_add(BLOCK) } else { 0 };
        let ring = Buffer::zeroed(steps.saturating_mul(lanes).saturating_mul(C::USIZE));
        Self { ring, next: 0, lanes, sizes: PhantomData }
    }

    fn reset(&mut self, lane: usize) {
        self.visit(&mut |step| step[lane * C::USIZE..][..C::USIZE].fill(T::ZERO));
    }

    /// Each step that is looked back on is a part, from the first to the last.
    fn visit(&mut self, each: &mut dyn FnMut(&mut [T])) {
        let step = self.lanes * C::USIZE;
        for back in (1..=Self::STEPS).rev() {
            let at = self.back(back);
            each(&mut self.ring[at * step..(at + 1) * step]);
            self.repeat(at, 1);
        }
    }
}
