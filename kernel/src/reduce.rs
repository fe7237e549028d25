//! Sums, dot products and maxima of slices.
//!
//! A slice is cut in pieces of fixed size; within a piece, `LANES` partial results run side by
//! side and are combined by halves at its end. The order of the operations depends on the length
//! alone: the same bits on any CPU and any number of threads. It also keeps the rounding error of
//! long sums small.

use super::{
    dispatch::{Isa, Kernel, dispatch},
    parallel,
    scalar::Scalar,
};

/// Partial results side by side.
const LANES: usize = 64;
/// Scalars in a piece.
const PIECE: usize = 1 << 14;
/// About how many scalars a core gets through in a nanosecond.
const PER_NANOSECOND: usize = 8;

/// Folds `term(a, b)` over both slices with the associative `join`, from its identity `empty`.
struct Fold<'a, T, F, J> {
    a: &'a [T],
    b: &'a [T],
    empty: T,
    term: &'a F,
    join: &'a J,
}

impl<T: Scalar, F: Fn(T, T) -> T, J: Fn(T, T) -> T> Kernel for Fold<'_, T, F, J> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> T {
        let mut lanes = [self.empty; LANES];
        let (a, a_rest) = self.a.as_chunks::<LANES>();
        let (b, b_rest) = self.b.as_chunks::<LANES>();
        for (a, b) in a.iter().zip(b) {
            for l in 0..LANES {
                lanes[l] = (self.join)(lanes[l], (self.term)(a[l], b[l]));
            }
        }
        for (l, (&a, &b)) in a_rest.iter().zip(b_rest).enumerate() {
            lanes[l] = (self.join)(lanes[l], (self.term)(a, b));
        }
        let mut width = LANES;
        while width > 1 {
            width /= 2;
            for l in 0..width {
                lanes[l] = (self.join)(lanes[l], lanes[l + width]);
            }
        }
        lanes[0]
    }
}

#[track_caller]
fn fold<T: Scalar>(
    a: &[T],
    b: &[T],
    empty: T,
    term: impl Fn(T, T) -> T + Sync,
    join: impl Fn(T, T) -> T + Sync,
) -> T {
    assert_eq!(a.len(), b.len(), "slices of different lengths");
    parallel::reduce(
        a.len(),
        PIECE,
        a.len() / PER_NANOSECOND,
        |piece| {
            let (a, b) = (&a[piece.clone()], &b[piece]);
            dispatch(Fold { a, b, empty, term: &term, join: &join })
        },
        &join,
    )
}

/// The sum; 0 of an empty slice.
#[must_use]
pub fn sum<T: Scalar>(x: &[T]) -> T {
    fold(x, x, T::ZERO, |x, _| x, |a, b| a + b)
}

/// The sum of squares.
#[must_use]
pub fn sum_of_squares<T: Scalar>(x: &[T]) -> T {
    fold(x, x, T::ZERO, |x, _| x * x, |a, b| a + b)
}

/// The sum of `f` of each element.
#[must_use]
pub fn sum_of<T: Scalar>(x: &[T], f: impl Fn(T) -> T + Sync) -> T {
    fold(x, x, T::ZERO, |x, _| f(x), |a, b| a + b)
}

/// The sum of `f` of each pair of elements.
///
/// # Panics
/// If the slices differ in length.
#[track_caller]
#[must_use]
pub fn sum_of_pairs<T: Scalar>(a: &[T], b: &[T], f: impl Fn(T, T) -> T + Sync) -> T {
    fold(a, b, T::ZERO, f, |a, b| a + b)
}

/// The dot product.
///
/// # Panics
/// If the slices differ in length.
#[track_caller]
#[must_use]
pub fn dot<T: Scalar>(a: &[T], b: &[T]) -> T {
    fold(a, b, T::ZERO, |a, b| a * b, |a, b| a + b)
}

/// The largest element, `-inf` of an empty slice; an element that is not a number is passed over.
#[must_use]
pub fn max<T: Scalar>(x: &[T]) -> T {
    fold(x, x, -T::ONE / T::ZERO, |x, _| x, |a, b| if b > a { b } else { a })
}
