//! Sums and dot products of slices.
//!
//! A slice is cut in pieces of fixed size; within a piece, `LANES` partial results run side by
//! side and are added by halves at its end. The order of the operations depends on the length
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

/// The sum of `term(a, b)` over both slices.
struct Sum<'a, T, F> {
    a: &'a [T],
    b: &'a [T],
    term: &'a F,
}

impl<T: Scalar, F: Fn(T, T) -> T> Kernel for Sum<'_, T, F> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> T {
        let mut lanes = [T::ZERO; LANES];
        let (a, a_rest) = self.a.as_chunks::<LANES>();
        let (b, b_rest) = self.b.as_chunks::<LANES>();
        for (a, b) in a.iter().zip(b) {
            for l in 0..LANES {
                lanes[l] += (self.term)(a[l], b[l]);
            }
        }
        for (l, (&a, &b)) in a_rest.iter().zip(b_rest).enumerate() {
            lanes[l] += (self.term)(a, b);
        }
        let mut width = LANES;
        while width > 1 {
            width /= 2;
            for l in 0..width {
                lanes[l] += lanes[l + width];
            }
        }
        lanes[0]
    }
}

/// The sum; 0 of an empty slice.
#[must_use]
pub fn sum<T: Scalar>(x: &[T]) -> T {
    sum_of(x, |x| x)
}

/// The sum of `f` of each element.
#[must_use]
pub fn sum_of<T: Scalar>(x: &[T], f: impl Fn(T) -> T + Sync) -> T {
    sum_of_pairs(x, x, |x, _| f(x))
}

/// The dot product.
///
/// # Panics
/// If the slices differ in length.
#[track_caller]
#[must_use]
pub fn dot<T: Scalar>(a: &[T], b: &[T]) -> T {
    sum_of_pairs(a, b, |a, b| a * b)
}

/// The sum of `f` of each pair of elements.
///
/// # Panics
/// If the slices differ in length.
#[track_caller]
#[must_use]
pub fn sum_of_pairs<T: Scalar>(a: &[T], b: &[T], f: impl Fn(T, T) -> T + Sync) -> T {
    assert_eq!(a.len(), b.len(), "slices of different lengths");
    parallel::reduce(
        a.len(),
        PIECE,
        a.len() / PER_NANOSECOND,
        |piece| dispatch(Sum { a: &a[piece.clone()], b: &b[piece], term: &f }),
        |a, b| a + b,
    )
}
