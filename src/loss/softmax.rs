//! The passes over logits that the cross-entropies with softmax share.
//!
//! ```text
//! m = max_k x_k        sum = sum_k e^(x_k - m)        softmax(x) = e^(x - m) / sum
//! ```
//!
//! Narrow columns (10 classes) are taken several at a time, so that the exponentials of a whole
//! tile are one loop of vector code; wide ones (a vocabulary of 10,000) one after the other. Either
//! way the logits come from memory once and from the cache after, and the order of each sum is fixed.
//!
//! The number of classes is one at run time, so that all of this is compiled once and not for each
//! network.

use crate::kernel::dispatch::{Isa, Kernel, dispatch};
use crate::kernel::{Real, math, reduce};

/// Logits of narrow columns whose exponentials are taken in one go.
const TILE: usize = 1024;
/// Columns of up to so many logits are narrow.
const NARROW: usize = 256;
/// Partial results side by side in a narrow column, if it has so many logits, and partial sums of
/// exponentials in a wide one: two registers of 8, since more of them would leave none for what an
/// exponential needs.
const LANES: usize = 16;
/// Partial maxima side by side in a wide column.
const MORE_LANES: usize = 64;

/// A column of logits with what its softmax needs.
pub(super) struct Column<'a, T> {
    /// Its place.
    pub index: usize,
    /// The logits.
    pub x: &'a [T],
    /// `m`
    pub largest: T,
    /// `sum`
    pub sum: T,
    /// `ln sum`
    pub log_sum: T,
    /// Holds `e^(x - m)`, where a gradient is asked for; to become the gradient.
    pub terms: Option<&'a mut [T]>,
}

/// The sum of `loss` of every column that counts, of so many `classes`. The gradient of one that does
/// not is zero.
#[inline(always)]
pub(super) fn sum<T: Real>(
    classes: usize,
    outputs: &[T],
    gradient: Option<&mut [T]>,
    counts: impl Fn(usize) -> bool,
    loss: impl FnMut(Column<'_, T>) -> T,
) -> T {
    dispatch(Sum { classes, logits: outputs, terms: gradient, counts, loss })
}

struct Sum<'a, T, C, L> {
    classes: usize,
    logits: &'a [T],
    terms: Option<&'a mut [T]>,
    counts: C,
    loss: L,
}

impl<T: Real, C: Fn(usize) -> bool, L: FnMut(Column<'_, T>) -> T> Kernel for Sum<'_, T, C, L> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> T {
        if self.classes <= NARROW { self.narrow() } else { self.wide(isa) }
    }
}

impl<T: Real, C: Fn(usize) -> bool, L: FnMut(Column<'_, T>) -> T> Sum<'_, T, C, L> {
    #[inline(always)]
    fn narrow(self) -> T {
        let Self { classes, logits, mut terms, counts, mut loss } = self;
        let mut scratch = [T::ZERO; TILE];
        let mut largest = [T::ZERO; TILE];
        let mut sums = [T::ZERO; TILE];
        let mut logs = [T::ZERO; TILE];
        let columns = TILE / classes;
        let mut total = T::ZERO;
        for (tile, logits) in logits.chunks(columns * classes).enumerate() {
            let (first, count) = (tile * columns, logits.len() / classes);
            let e = match &mut terms {
                Some(terms) => &mut terms[first * classes..][..logits.len()],
                None => &mut scratch[..logits.len()],
            };
            let tile = e.chunks_exact_mut(classes).zip(logits.chunks_exact(classes));
            for ((e, x), m) in tile.zip(&mut largest) {
                *m = fold(x, x, |x, _| x, |a, b| if b > a { b } else { a });
                for (e, &x) in e.iter_mut().zip(x) {
                    *e = x - *m;
                }
            }
            e.iter_mut().for_each(|e| *e = math::exp(*e));
            for (e, sum) in e.chunks_exact(classes).zip(&mut sums) {
                *sum = fold(e, e, |e, _| e, |a, b| a + b);
            }
            let log_sums = logs[..count].iter_mut().zip(&sums[..count]);
            log_sums.for_each(|(log, &sum)| *log = math::ln(sum));
            for (i, x) in logits.chunks_exact(classes).enumerate() {
                let index = first + i;
                let terms = terms.as_mut().map(|terms| &mut terms[index * classes..][..classes]);
                if counts(index) {
                    let (largest, sum, log_sum) = (largest[i], sums[i], logs[i]);
                    total += loss(Column { index, x, largest, sum, log_sum, terms });
                } else if let Some(terms) = terms {
                    terms.fill(T::ZERO);
                }
            }
        }
        total
    }

    #[inline(always)]
    fn wide<I: Isa>(self, isa: I) -> T {
        let Self { classes, logits, mut terms, counts, mut loss } = self;
        let mut total = T::ZERO;
        for (index, x) in logits.chunks_exact(classes).enumerate() {
            let mut terms = terms.as_mut().map(|terms| &mut terms[index * classes..][..classes]);
            if counts(index) {
                let largest = largest(isa, x, terms.as_deref());
                let sum = exponentials(isa, x, largest, terms.as_deref_mut());
                total += loss(Column { index, x, largest, sum, log_sum: math::ln(sum), terms });
            } else if let Some(terms) = terms {
                terms.fill(T::ZERO);
            }
        }
        total
    }
}

/// The largest logit of a wide column. Asks for the `terms` on the way, which are written next.
#[inline(always)]
fn largest<T: Real, I: Isa>(isa: I, x: &[T], terms: Option<&[T]>) -> T {
    let larger = |a, b| if b > a { b } else { a };
    let mut lanes = [-T::ONE / T::ZERO; MORE_LANES];
    let (chunks, rest) = x.as_chunks::<MORE_LANES>();
    for (i, x) in chunks.iter().enumerate() {
        if let Some(terms) = terms {
            isa.prefetch(&terms[i * MORE_LANES..][..MORE_LANES]);
        }
        // Not in place, where each would become a store under a condition.
        lanes = core::array::from_fn(|l| larger(lanes[l], x[l]));
    }
    for (lane, &x) in lanes.iter_mut().zip(rest) {
        *lane = larger(*lane, x);
    }
    halve(lanes, larger)
}

/// The sum of `e^(x - m)` over a wide column; they go to `terms`, if there are any.
#[inline(always)]
fn exponentials<T: Real, I: Isa>(isa: I, x: &[T], largest: T, mut terms: Option<&mut [T]>) -> T {
    let mut lanes = [T::ZERO; LANES];
    let (chunks, rest) = x.as_chunks::<LANES>();
    let done = x.len() - rest.len();
    for (i, x) in chunks.iter().enumerate() {
        let mut e = *x;
        for l in 0..LANES {
            e[l] = isa.exp(x[l] - largest);
            lanes[l] += e[l];
        }
        if let Some(terms) = &mut terms {
            terms[i * LANES..][..LANES].copy_from_slice(&e);
        }
    }
    for (l, &x) in rest.iter().enumerate() {
        let e = isa.exp(x - largest);
        lanes[l] += e;
        if let Some(terms) = &mut terms {
            terms[done + l] = e;
        }
    }
    halve(lanes, |a, b| a + b)
}

/// Lanes joined by halves.
#[inline(always)]
fn halve<T: Real, const LANES: usize>(mut lanes: [T; LANES], join: impl Fn(T, T) -> T) -> T {
    let mut width = LANES;
    while width > 1 {
        width /= 2;
        for l in 0..width {
            lanes[l] = join(lanes[l], lanes[l + width]);
        }
    }
    lanes[0]
}

/// The sum of `f(a, b)` over two columns.
#[inline(always)]
pub(super) fn sum_of<T: Real>(a: &[T], b: &[T], f: impl Fn(T, T) -> T + Sync) -> T {
    if a.len() <= NARROW { fold(a, b, f, |a, b| a + b) } else { reduce::sum_of_pairs(a, b, f) }
}

/// `f(a, b)` over two narrow columns, joined: lanes side by side if there are enough.
#[inline(always)]
fn fold<T: Real>(a: &[T], b: &[T], f: impl Fn(T, T) -> T, join: impl Fn(T, T) -> T) -> T {
    if a.len() < 2 * LANES {
        let rest = a[1..].iter().zip(&b[1..]);
        return rest.fold(f(a[0], b[0]), |joined, (&a, &b)| join(joined, f(a, b)));
    }
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    let mut lanes: [T; LANES] = core::array::from_fn(|l| f(a[l], b[l]));
    for (a, b) in a_chunks.iter().zip(b_chunks).skip(1) {
        for l in 0..LANES {
            lanes[l] = join(lanes[l], f(a[l], b[l]));
        }
    }
    for (l, (&a, &b)) in a_rest.iter().zip(b_rest).enumerate() {
        lanes[l] = join(lanes[l], f(a, b));
    }
    halve(lanes, join)
}
