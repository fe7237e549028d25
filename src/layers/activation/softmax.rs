//! Softmax: what is left of numbers as shares of a whole.
//!
//! ```text
//! forward   y_i = e^(x_i - m) / sum over j of e^(x_j - m)    with m = max over j of x_j
//! backward  dx_i = y_i (dy_i - sum over j of dy_j y_j)
//! ```
//!
//! Shapes: any, kept; the sums are over all features of a sample. Works in place.

use crate::kernel::dispatch::{Isa, Kernel, dispatch};
use crate::kernel::{Real, math, parallel};
use crate::layer::{Backward, Forward, Layer, Nonlinearity};
use crate::shape::Shape;

crate::layer! {
    /// Softmax over all features of a sample: `y = e^x / sum of e^x`.
    ///
    /// For a classifier, prefer [`SoftmaxCrossEntropy`](crate::loss::SoftmaxCrossEntropy), which
    /// takes what would go in here.
    pub struct Softmax;
}

/// Features of a sample that are summed side by side.
const LANES: usize = 16;
/// About how many scalars a core gets through in a nanosecond.
const PER_NANOSECOND: usize = 1;
/// Scalars that a thread takes at a time.
const PIECE: usize = 1 << 13;

impl<In: Shape> Layer<In> for Softmax {
    type Out = In;
    crate::keeps! {}

    const OPERATIONS: usize = 4 * In::SIZE;
    const IN_PLACE: bool = true;
    const NEEDS_OUTPUT: bool = true;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Saturating;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { mut y, .. } = pass;
        let (y, size) = (y.as_mut_slice(), In::SIZE);
        let (piece, cost) = (PIECE.next_multiple_of(size), y.len() / PER_NANOSECOND);
        parallel::for_each_chunk(y, piece, cost, |_, y| dispatch(Exponentiate { y, size }));
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { y, mut dy, .. } = pass;
        let (y, dy, size) = (y.as_slice(), dy.as_mut_slice(), In::SIZE);
        let (piece, cost) = (PIECE.next_multiple_of(size), y.len() / PER_NANOSECOND);
        parallel::for_each_chunk(dy, piece, cost, |i, dy| {
            let y = &y[i * piece..][..dy.len()];
            dispatch(Differentiate { dy, y, size });
        });
    }
}

/// `e^x`, as shares of its sum over a sample, in the place of `x`.
struct Exponentiate<'a, T> {
    y: &'a mut [T],
    size: usize,
}

impl<T: Real> Kernel for Exponentiate<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        for y in self.y.chunks_exact_mut(self.size) {
            let largest = fold(y, y, y[0], |y, _| y, |a, b| if b > a { b } else { a });
            y.iter_mut().for_each(|y| *y = math::exp(*y - largest));
            let scale = T::ONE / fold(y, y, T::ZERO, |y, _| y, |a, b| a + b);
            y.iter_mut().for_each(|y| *y *= scale);
        }
    }
}

/// `dx` in the place of `dy`.
struct Differentiate<'a, T> {
    dy: &'a mut [T],
    y: &'a [T],
    size: usize,
}

impl<T: Real> Kernel for Differentiate<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        for (dy, y) in self.dy.chunks_exact_mut(self.size).zip(self.y.chunks_exact(self.size)) {
            let mean = fold(dy, y, T::ZERO, |dy, y| dy * y, |a, b| a + b);
            dy.iter_mut().zip(y).for_each(|(dy, &y)| *dy = y * (*dy - mean));
        }
    }
}

/// Joins `term(a, b)` of all elements, from a value `start` that changes nothing.
#[inline(always)]
fn fold<T: Real>(
    a: &[T],
    b: &[T],
    start: T,
    term: impl Fn(T, T) -> T,
    join: impl Fn(T, T) -> T,
) -> T {
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    let mut total = start;
    if !a.is_empty() {
        let mut lanes = [start; LANES];
        for (a, b) in a.iter().zip(b) {
            for l in 0..LANES {
                lanes[l] = join(lanes[l], term(a[l], b[l]));
            }
        }
        total = lanes.into_iter().fold(start, &join);
    }
    a_rest.iter().zip(b_rest).fold(total, |total, (&a, &b)| join(total, term(a, b)))
}
