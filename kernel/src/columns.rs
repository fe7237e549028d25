//! Matrices of samples: `features x samples`, stored a column (a sample) after the other.
//!
//! A column's features are contiguous, so everything here runs along features and sums over
//! samples in their order, whatever the number of threads.

use super::{
    copy::copy,
    dispatch::{Isa, Kernel, dispatch},
    parallel,
    scalar::Scalar,
    sizes::product,
    view::{MatMut, MatRef},
};

/// About how many scalars a core gets through in a nanosecond.
const PER_NANOSECOND: usize = 4;
/// Features that a sum over samples keeps in registers at a time.
const FEATURES: usize = 64;

/// The number of samples in `x`.
#[track_caller]
fn samples<T>(x: &[T], features: usize) -> usize {
    assert!(
        features > 0 && x.len().is_multiple_of(features),
        "{} scalars are no whole number of columns of {features}",
        x.len()
    );
    x.len() / features
}

/// Adds the sums over samples to `total`, as the gradient of a bias is:
/// `total[f] += sum over s of x[first + f, s]`, for as many of the `features` as `total` has.
///
/// # Panics
/// If there are no features or fewer than that, or `x` is no whole number of columns of them.
///
/// ```
/// let mut total = [10.0, 20.0];
/// let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// formwork_kernel::columns::add_sum(&mut total, &x, 3, 1);
/// assert_eq!(total, [10.0 + 2.0 + 5.0, 20.0 + 3.0 + 6.0]);
/// ```
#[track_caller]
pub fn add_sum<T: Scalar>(total: &mut [T], x: &[T], features: usize, first: usize) {
    let inside = first <= features && total.len() <= features - first;
    assert!(inside, "more sums than features");
    let cost = samples(x, features) * total.len() / PER_NANOSECOND;
    parallel::for_each_chunk(total, FEATURES, cost, |block, total| {
        let sums = dispatch(SumBlock { x, features, first: first + block * FEATURES });
        total.iter_mut().zip(sums).for_each(|(t, s)| *t += s);
    });
}

/// The sums over samples of a block of features, from the one numbered `first` on.
struct SumBlock<'a, T> {
    x: &'a [T],
    features: usize,
    first: usize,
}

impl<T: Scalar> Kernel for SumBlock<'_, T> {
    type Output = [T; FEATURES];

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> [T; FEATURES] {
        let mut sums = [T::ZERO; FEATURES];
        for column in self.x.chunks_exact(self.features) {
            let column = &column[self.first..];
            // A constant length keeps the sums in registers.
            if let Some(column) = column.first_chunk::<FEATURES>() {
                for f in 0..FEATURES {
                    sums[f] += column[f];
                }
            } else {
                for (sum, &x) in sums.iter_mut().zip(column) {
                    *sum += x;
                }
            }
        }
        sums
    }
}

/// Writes the transpose: `y[c, r] = x[r, c]` for `x` of `rows x cols`, both stored column by
/// column.
///
/// # Panics
/// If `x` or `y` does not hold exactly `rows * cols` scalars.
#[track_caller]
pub fn transpose<T: Scalar>(y: &mut [T], x: &[T], rows: usize, cols: usize) {
    let len = product(&[rows, cols]);
    assert_eq!(x.len(), len, "scalars to transpose from");
    assert_eq!(y.len(), len, "scalars to transpose to");
    copy(MatMut::row_major(y, rows, cols), MatRef::col_major(x, rows, cols));
}
