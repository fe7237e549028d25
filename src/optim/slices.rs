//! The loop over parameters, what is remembered for them, and their gradient.

use core::array::from_fn;
use core::mem::take;
use core::ops::Range;

use super::{Rows, Update};
use crate::kernel::{
    Real,
    dispatch::{Isa, Kernel, dispatch},
    parallel,
};

/// Parameters that one thread takes at a time.
const PIECE: usize = 1 << 15;
/// About how many parameters a core gets through in a nanosecond.
const PER_NANOSECOND: usize = 4;

/// Slices of one length: parameters, `N` values that are remembered for each, and their gradient.
pub(super) struct Slices<'a, T, const N: usize> {
    pub params: &'a mut [T],
    pub remembered: [&'a mut [T]; N],
    pub gradient: &'a [T],
}

impl<T: Real, const N: usize> Slices<'_, T, N> {
    /// Updates all parameters.
    pub fn update(self, f: &impl Update<T, N>) {
        Shared { slices: self, width: PIECE, named: None, f }.share();
    }

    /// Updates all parameters, with a `g` of zero in rows that are not named; their gradient is not
    /// read, which saves memory bandwidth.
    pub fn update_rows(self, rows: &Rows, f: &impl Update<T, N>) {
        let width = rows.width(self.params);
        Shared { slices: self, width, named: Some(rows.contained()), f }.share();
    }

    /// Updates the parameters in the named rows alone.
    pub fn update_named(self, rows: &Rows, f: &impl Update<T, N>) {
        let width = rows.width(self.params);
        dispatch(Named { slices: self, rows: rows.ids(), width, f });
    }

    /// The first `at` parameters, and the others.
    pub fn split(self, at: usize) -> [Self; 2] {
        let params = self.params.split_at_mut(at);
        let mut remembered = self.remembered.map(|values| values.split_at_mut(at));
        let first = remembered.each_mut().map(|values| take(&mut values.0));
        let second = remembered.map(|values| values.1);
        let gradient = self.gradient.split_at(at);
        [
            Self { params: params.0, remembered: first, gradient: gradient.0 },
            Self { params: params.1, remembered: second, gradient: gradient.1 },
        ]
    }

    fn part(&mut self, range: Range<usize>) -> Slices<'_, T, N> {
        Slices {
            params: &mut self.params[range.clone()],
            remembered: self.remembered.each_mut().map(|values| &mut values[range.clone()]),
            gradient: &self.gradient[range],
        }
    }
}

/// An update of rows that threads share.
struct Shared<'a, T, const N: usize, F> {
    slices: Slices<'a, T, N>,
    /// Parameters in a row; the last row may be shorter.
    width: usize,
    /// Which rows have a gradient; if none is given, all.
    named: Option<&'a [bool]>,
    f: &'a F,
}

impl<T: Real, const N: usize, F: Update<T, N>> Shared<'_, T, N, F> {
    /// Updates the rows on all threads, where that is worth their while.
    fn share(self) {
        let len = self.slices.params.len();
        if parallel::threads_for(len / PER_NANOSECOND) > 1 {
            let rows = len.div_ceil(self.width);
            self.halve(rows, len.div_ceil(PIECE).min(rows));
        } else {
            dispatch(self);
        }
    }

    /// Updates the rows, of which there are so many, in so many pieces.
    fn halve(self, rows: usize, pieces: usize) {
        if pieces <= 1 {
            return dispatch(self);
        }
        let left = pieces / 2;
        let half = rows * left / pieces;
        let Self { slices, width, named, f } = self;
        let [first, second] = slices.split(half * width);
        let named = named.map(|named| named.split_at(half));
        let first = Shared { slices: first, width, named: named.map(|named| named.0), f };
        let second = Shared { slices: second, width, named: named.map(|named| named.1), f };
        parallel::halves(|| first.halve(half, left), || second.halve(rows - half, pieces - left));
    }
}

impl<T: Real, const N: usize, F: Update<T, N>> Kernel for Shared<'_, T, N, F> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { mut slices, width, named, f } = self;
        let Some(named) = named else { return run(slices, false, *f) };
        let mut at = 0;
        for rows in named.chunk_by(|a, b| a == b) {
            let end = at + rows.len() * width;
            run(slices.part(at..end), !rows[0], *f);
            at = end;
        }
    }
}

/// An update of the named rows alone.
struct Named<'a, T, const N: usize, F> {
    slices: Slices<'a, T, N>,
    rows: &'a [u32],
    width: usize,
    f: &'a F,
}

impl<T: Real, const N: usize, F: Update<T, N>> Kernel for Named<'_, T, N, F> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { mut slices, rows, width, f } = self;
        for &row in rows {
            run(slices.part(row as usize * width..(row as usize + 1) * width), false, *f);
        }
    }
}

/// The loop, by the gradient or, if that `is_zero`, without reading it.
#[inline(always)]
fn run<T: Real, const N: usize>(slices: Slices<'_, T, N>, is_zero: bool, f: impl Update<T, N>) {
    let Slices { params, remembered, gradient } = slices;
    if is_zero {
        body(params, remembered, |_| T::ZERO, f);
    } else {
        // Equal lengths in plain sight drop the bounds checks.
        let gradient = &gradient[..params.len()];
        body(params, remembered, |i| gradient[i], f);
    }
}

#[inline(always)]
fn body<T: Real, const N: usize>(
    params: &mut [T],
    remembered: [&mut [T]; N],
    gradient: impl Fn(usize) -> T,
    f: impl Update<T, N>,
) {
    let n = params.len();
    let mut remembered = remembered.map(|values| &mut values[..n]);
    for i in 0..n {
        let mut values = from_fn(|k| remembered[k][i]);
        f(&mut params[i], &mut values, gradient(i));
        for (to, value) in remembered.iter_mut().zip(values) {
            to[i] = value;
        }
    }
}
