//! The gates of a step forward without the feature `batches`: a unit after the other, by code that is
//! short where no loop is unrolled.

use super::{
    Cell, Number, Squash,
    gates::{Forward, Scalar},
};
use crate::{Real, dispatch::Isa};

/// The most gates of a unit that are read and written one by one.
const MOST: usize = 4;

/// Does what is done for each gate, whose number is then a constant.
macro_rules! each_gate {
    ($gates:ident, |$g:ident| $body:expr) => {
        each_gate!(@ $gates, |$g| $body, 0 1 2 3)
    };
    (@ $gates:ident, |$g:ident| $body:expr, $($i:literal)*) => {$(
        if $i < $gates {
            let $g: usize = $i;
            $body
        }
    )*};
}

/// Computes the gates, the cells and the hidden values of all lanes, of `n` units each.
#[inline(always)]
pub(super) fn forward<T: Real, C: Cell<GATES>, I: Isa, const GATES: usize>(
    step: Forward<'_, T>,
    n: usize,
) {
    const { assert!(GATES <= MOST, "gates of a unit") };
    let Forward { gates, before, cells, h, .. } = step;
    let (mut cells, mut units) = (cells.iter_mut(), h.iter_mut().zip(before));
    for gates in gates.chunks_exact_mut(GATES * n) {
        for (sums, squash) in gates.chunks_exact_mut(n).zip(C::SQUASH) {
            squash_all::<T, I>(sums, squash);
        }
        for (u, (h, before)) in units.by_ref().take(n).enumerate() {
            let mut x = [Scalar::<T, I>::new(T::ZERO); GATES];
            let gates = gates.as_mut_ptr();
            // SAFETY: there are `n` sums of each gate, and `u` is less.
            each_gate!(GATES, |g| x[g] = Scalar::new(unsafe { gates.add(g * n + u).read() }));
            let (x, cell, hidden) = C::forward(x, Scalar::new(*before));
            // SAFETY: likewise.
            each_gate!(GATES, |g| unsafe { gates.add(g * n + u).write(x[g].0) });
            if C::CELLS
                && let Some(to) = cells.next()
            {
                *to = cell.0;
            }
            *h = hidden.0;
        }
    }
}

/// Squashes the sums of a gate. In `f32` there is one loop for both functions, see [`Scalar::squash`].
#[inline(always)]
fn squash_all<T: Real, I: Isa>(sums: &mut [T], by: Squash) {
    if size_of::<T>() > 4 {
        return sums.iter_mut().for_each(|x| *x = Scalar::<T, I>::new(*x).squash(by).0);
    }
    let (factor, shift) = match by {
        Squash::Sigmoid => (T::of(0.5), T::of(0.5)),
        Squash::Tanh => (T::ONE, T::ZERO),
        Squash::Nothing => return,
    };
    for x in sums {
        *x = factor * Scalar::<T, I>::new(factor * *x).tanh().0 + shift;
    }
}

#[cfg(all(test, feature = "batches"))]
mod tests {
    use super::*;
    use crate::dispatch::Portable;

    /// A unit with a gate of each kind, and a cell.
    struct Unit;

    impl Cell<3> for Unit {
        const SQUASH: [Squash; 3] = [Squash::Sigmoid, Squash::Tanh, Squash::Nothing];
        const CELLS: bool = true;

        fn forward<N: Number>([i, g, a]: [N; 3], before: N) -> ([N; 3], N, N) {
            let cell = i * before + g;
            ([i, g, a * cell], cell, cell.tanh() + a)
        }
        fn backward<N: Number>(gates: [N; 3], before: N, _: N, _: N, _: N) -> ([N; 3], N) {
            (gates, before)
        }
    }

    fn check<T: Real>(n: usize) {
        let numbers = |count: usize| -> alloc::vec::Vec<T> {
            (0..count).map(|i| T::of((i * 37 % 101) as f64 / 20.0 - 2.5)).collect()
        };
        let (before, len) = (numbers(2 * n), 2 * n);
        let mut results = [false, true].map(|short| {
            let (mut gates, mut cells, mut h) = (numbers(3 * len), numbers(len), numbers(len));
            let step = Forward {
                hidden: n,
                gates: &mut gates,
                before: &before,
                cells: &mut cells,
                h: &mut h,
            };
            if short {
                forward::<T, Unit, Portable, 3>(step, n);
            } else {
                step.run::<Unit, 3>();
            }
            [gates, cells, h].concat()
        });
        let [expected, found] = &mut results;
        for (expected, found) in expected.iter().zip(found) {
            assert!((*expected - *found).abs() <= T::of(8.0) * T::EPSILON, "{expected} {found}");
        }
    }

    #[test]
    fn computes_what_long_code_does() {
        for n in [1, 3, 16, 21] {
            check::<f32>(n);
            check::<f64>(n);
        }
    }
}
