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

/// Adds a bias vector to every column: `x[f, s] += bias[f]`.
///
/// # Panics
/// If `bias` is empty or `x` is no whole number of columns of its length.
#[track_caller]
pub fn add_bias<T: Scalar>(x: &mut [T], bias: &[T]) {
    struct AddBias<'a, T>(&'a mut [T], &'a [T]);

    impl<T: Scalar> Kernel for AddBias<'_, T> {
        type Output = ();
        #[inline(always)]
        fn run<I: Isa>(self, _: I) {
            for column in self.0.chunks_exact_mut(self.1.len()) {
                column.iter_mut().zip(self.1).for_each(|(x, &b)| *x += b);
            }
        }
    }

    samples(x, bias.len());
    let piece = (1_usize << 14).div_ceil(bias.len()) * bias.len();
    let cost = x.len() / PER_NANOSECOND;
    parallel::for_each_chunk(x, piece, cost, |_, x| dispatch(AddBias(x, bias)));
}

/// Adds the sum over samples to `total`, which is the gradient of a bias:
/// `total[f] += sum over s of x[f, s]`.
///
/// # Panics
/// If `total` is empty or `x` is no whole number of columns of its length.
#[track_caller]
pub fn add_sum<T: Scalar>(total: &mut [T], x: &[T]) {
    let features = total.len();
    add_sum_from(total, x, features, 0);
}

/// As [`add_sum`], for as many of the `features` as `total` has, from the one numbered `first` on.
///
/// # Panics
/// If there are no features or fewer than that, or `x` is no whole number of columns of them.
#[track_caller]
pub fn add_sum_from<T: Scalar>(total: &mut [T], x: &[T], features: usize, first: usize) {
    assert!(first + total.len() <= features, "more sums than features");
    let cost = samples(x, features) * total.len() / PER_NANOSECOND;
    parallel::for_each_chunk(total, FEATURES, cost, |block, total| {
        let sums = sum_block(x, features, first + block * FEATURES, |x, _| x);
        total.iter_mut().zip(sums).for_each(|(t, s)| *t += s);
    });
}

/// The mean and the (biased) variance of each feature over the samples, in two passes:
/// `mean[f] = sum over s of x[f, s] / n`, `variance[f] = sum over s of (x[f, s] - mean[f])^2 / n`.
///
/// # Panics
/// If `mean` is empty, `variance` has another length, or `x` is not at least one column of that
/// length.
#[track_caller]
pub fn moments<T: Scalar>(mean: &mut [T], variance: &mut [T], x: &[T]) {
    let features = mean.len();
    assert_eq!(features, variance.len(), "means and variances of different lengths");
    let samples = samples(x, features);
    assert!(samples > 0, "no samples");
    let n = T::of(samples as f64);
    let cost = x.len() / PER_NANOSECOND;
    parallel::for_each_chunk(mean, FEATURES, cost, |block, mean| {
        let sums = sum_block(x, features, block * FEATURES, |x, _| x);
        mean.iter_mut().zip(sums).for_each(|(m, s)| *m = s / n);
    });
    parallel::for_each_chunk(variance, FEATURES, cost, |block, variance| {
        let mut center = [T::ZERO; FEATURES];
        let first = block * FEATURES;
        center[..variance.len()].copy_from_slice(&mean[first..first + variance.len()]);
        let sums = sum_block(x, features, first, |x, f| (x - center[f]) * (x - center[f]));
        variance.iter_mut().zip(sums).for_each(|(v, s)| *v = s / n);
    });
}

/// The sums over samples of `term(x[first + f, s], f)` for the features `first + f` of a block.
fn sum_block<T: Scalar>(
    x: &[T],
    features: usize,
    first: usize,
    term: impl Fn(T, usize) -> T,
) -> [T; FEATURES] {
    struct SumBlock<'a, T, F> {
        x: &'a [T],
        features: usize,
        first: usize,
        term: F,
    }

    impl<T: Scalar, F: Fn(T, usize) -> T> Kernel for SumBlock<'_, T, F> {
        type Output = [T; FEATURES];
        #[inline(always)]
        fn run<I: Isa>(self, _: I) -> [T; FEATURES] {
            let mut sums = [T::ZERO; FEATURES];
            for column in self.x.chunks_exact(self.features) {
                let column = &column[self.first..];
                // A constant length keeps the sums in registers.
                if let Some(column) = column.first_chunk::<FEATURES>() {
                    for f in 0..FEATURES {
                        sums[f] += (self.term)(column[f], f);
                    }
                } else {
                    for (f, (sum, &x)) in sums.iter_mut().zip(column).enumerate() {
                        *sum += (self.term)(x, f);
                    }
                }
            }
            sums
        }
    }

    dispatch(SumBlock { x, features, first, term })
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
