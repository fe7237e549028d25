//! Loops over matrices of samples in which every feature has coefficients of its own.
//!
//! A matrix is `features x samples`, stored a column (a sample, or a pixel of an image) after the
//! other. Where there are few features, several columns are taken as one that is longer, so that a
//! row of three channels fills vectors as well as one of three hundred does. Every function reads
//! its operands once.

use super::{
    dispatch::{Isa, Kernel, dispatch},
    parallel,
    scalar::Scalar,
};

/// Scalars whose sums a kernel keeps in registers.
const LANES: usize = 32;
/// The scalars up to which columns are put side by side, and features of which a piece of work
/// takes the sums.
const WIDE: usize = 8 * LANES;
/// Wide columns in a partial sum: few enough to stay in the cache while block after block of
/// features is summed up.
const PIECE: usize = 64;
/// About how many scalars of each operand a core gets through in a nanosecond.
const PER_NANOSECOND: usize = 4;

/// The number of columns of `features` features to put side by side.
fn abreast(features: usize) -> usize {
    (WIDE / features).max(1)
}

/// The coefficients of columns put side by side.
fn repeat<T: Scalar>(coefficients: &[T]) -> [T; WIDE] {
    core::array::from_fn(|lane| coefficients[lane % coefficients.len()])
}

#[track_caller]
fn check<T>(features: usize, x: &[T], others: &[usize], coefficients: &[&[T]]) {
    assert!(
        features > 0 && x.len().is_multiple_of(features),
        "{} scalars are no whole number of columns of {features}",
        x.len()
    );
    assert!(others.iter().all(|&len| len == x.len()), "matrices of different sizes");
    assert!(coefficients.iter().all(|c| c.len() == features), "a coefficient for each feature");
}

/// Writes a function of two matrices and of each feature's coefficients:
/// `y[f, s] = map(a[f, s], b[f, s], [c0[f], c1[f], ..])`.
///
/// # Panics
/// If there are no features, or the matrices or the coefficients differ in length.
///
/// ```
/// let mut y = [0.0; 4];
/// let x = [1.0, 2.0, 3.0, 4.0];
/// formwork_kernel::features::apply(&mut y, &x, &x, [&[10.0, 100.0]], |x, _, [c]| c * x);
/// assert_eq!(y, [10.0, 200.0, 30.0, 400.0]);
/// ```
#[track_caller]
pub fn apply<T: Scalar, const K: usize>(
    y: &mut [T],
    a: &[T],
    b: &[T],
    coefficients: [&[T]; K],
    map: impl Fn(T, T, [T; K]) -> T + Sync,
) {
    let features = coefficients[0].len();
    check(features, a, &[y.len(), b.len()], &coefficients);
    let abreast = abreast(features);
    if abreast == 1 {
        apply_wide(y, a, b, coefficients, &map);
    } else {
        let wide = coefficients.map(repeat);
        let wide = wide.each_ref().map(|c| &c[..abreast * features]);
        apply_wide(y, a, b, wide, &map);
    }
}

fn apply_wide<T: Scalar, const K: usize>(
    y: &mut [T],
    a: &[T],
    b: &[T],
    coefficients: [&[T]; K],
    map: &(impl Fn(T, T, [T; K]) -> T + Sync),
) {
    struct Apply<'a, T, F, const K: usize> {
        y: &'a mut [T],
        a: &'a [T],
        b: &'a [T],
        coefficients: [&'a [T]; K],
        map: &'a F,
    }

    impl<T: Scalar, F: Fn(T, T, [T; K]) -> T, const K: usize> Kernel for Apply<'_, T, F, K> {
        type Output = ();
        #[inline(always)]
        fn run<I: Isa>(self, _: I) {
            let width = self.coefficients[0].len();
            let columns = self.y.chunks_mut(width).zip(self.a.chunks(width));
            for ((y, a), b) in columns.zip(self.b.chunks(width)) {
                let (y, y_rest) = y.as_chunks_mut::<LANES>();
                let (a, a_rest) = a.as_chunks::<LANES>();
                let (b, b_rest) = b.as_chunks::<LANES>();
                let done = LANES * y.len();
                let chunks = self.coefficients.map(|c| c.as_chunks::<LANES>().0);
                for (i, ((y, a), b)) in y.iter_mut().zip(a).zip(b).enumerate() {
                    let c = chunks.map(|c| &c[i]);
                    // A value of its own: the compiler need not ask whether `y` overlaps `a`.
                    *y = core::array::from_fn(|l| (self.map)(a[l], b[l], c.map(|c| c[l])));
                }
                for (i, ((y, &a), &b)) in y_rest.iter_mut().zip(a_rest).zip(b_rest).enumerate() {
                    *y = (self.map)(a, b, self.coefficients.map(|c| c[done + i]));
                }
            }
        }
    }

    let width = coefficients[0].len();
    let piece = (1_usize << 14).div_ceil(width) * width;
    let cost = y.len() / PER_NANOSECOND;
    parallel::for_each_chunk(y, piece, cost, |i, y| {
        let here = i * piece..i * piece + y.len();
        dispatch(Apply { y, a: &a[here.clone()], b: &b[here], coefficients, map });
    });
}

/// For each feature, the sums over the samples of two terms:
/// `total[f] = sum over s of term(a[f, s], b[f, s], c[f])`.
///
/// The order of the additions depends on the size of the matrix alone.
///
/// # Panics
/// If there are no features, or the matrices or the coefficients differ in length.
///
/// ```
/// let mut total = [[0.0; 2]; 2];
/// let x = [1.0, 2.0, 3.0, 4.0];
/// formwork_kernel::features::sums(&mut total, &x, &x, &[2.0, 2.0], |x, _, c| [x, (x - c) * (x - c)]);
/// assert_eq!(total, [[4.0, 2.0], [6.0, 4.0]]);
/// ```
#[track_caller]
pub fn sums<T: Scalar>(
    total: &mut [[T; 2]],
    a: &[T],
    b: &[T],
    coefficients: &[T],
    term: impl Fn(T, T, T) -> [T; 2] + Sync,
) {
    let features = total.len();
    check(features, a, &[b.len()], &[coefficients]);
    let abreast = abreast(features);
    if abreast == 1 {
        return sums_wide(total, a, b, coefficients, &term);
    }
    let mut wide = [[T::ZERO; 2]; WIDE];
    let wide = &mut wide[..abreast * features];
    sums_wide(wide, a, b, &repeat(coefficients)[..abreast * features], &term);
    total.fill([T::ZERO; 2]);
    for (lane, [first, second]) in wide.iter().enumerate() {
        let total = &mut total[lane % features];
        total[0] += *first;
        total[1] += *second;
    }
}

/// Both terms' sums for up to `WIDE` features.
type Sums<T> = [[T; WIDE]; 2];

fn sums_wide<T: Scalar>(
    total: &mut [[T; 2]],
    a: &[T],
    b: &[T],
    coefficients: &[T],
    term: &(impl Fn(T, T, T) -> [T; 2] + Sync),
) {
    let width = total.len();
    let columns = a.len().div_ceil(width);
    let cost = a.len() / PER_NANOSECOND;
    // Threads share the features, or the pieces of a sum where these are many.
    let cost_of_features = if columns > 2 * PIECE { 0 } else { cost };
    parallel::for_each_chunk(total, WIDE, cost_of_features, |chunk, total| {
        let first = chunk * WIDE;
        let coefficients = &coefficients[first..first + total.len()];
        let sums = parallel::reduce(
            columns,
            PIECE,
            cost,
            |piece| {
                let here = piece.start * width..a.len().min(piece.end * width);
                let (a, b) = (&a[here.clone()], &b[here]);
                dispatch(SumColumns { a, b, coefficients, width, first, term })
            },
            |mut x: Sums<T>, y| {
                for (x, y) in x.as_flattened_mut().iter_mut().zip(y.as_flattened()) {
                    *x += *y;
                }
                x
            },
        );
        for (lane, total) in total.iter_mut().enumerate() {
            *total = [sums[0][lane], sums[1][lane]];
        }
    });
}

/// The sums of the features from `first` on, one for each coefficient, over columns of `width`.
struct SumColumns<'a, T, F> {
    a: &'a [T],
    b: &'a [T],
    coefficients: &'a [T],
    width: usize,
    first: usize,
    term: &'a F,
}

impl<T: Scalar, F: Fn(T, T, T) -> [T; 2]> Kernel for SumColumns<'_, T, F> {
    type Output = Sums<T>;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) -> Sums<T> {
        let mut sums = [[T::ZERO; WIDE]; 2];
        for (block, coefficients) in self.coefficients.chunks(LANES).enumerate() {
            let (mut sums0, mut sums1) = ([T::ZERO; LANES], [T::ZERO; LANES]);
            let mut c = [T::ZERO; LANES];
            c[..coefficients.len()].copy_from_slice(coefficients);
            let first = self.first + block * LANES;
            for (a, b) in self.a.chunks(self.width).zip(self.b.chunks(self.width)) {
                // The last column may end before this block, or within it.
                let first = first.min(a.len());
                let (a, b) = (&a[first..], &b[first..]);
                // A constant length keeps the sums in registers.
                if let (Some(a), Some(b)) = (a.first_chunk::<LANES>(), b.first_chunk::<LANES>()) {
                    for l in 0..LANES {
                        let [first, second] = (self.term)(a[l], b[l], c[l]);
                        sums0[l] += first;
                        sums1[l] += second;
                    }
                } else {
                    for (l, (&a, &b)) in a.iter().zip(b).enumerate() {
                        let [first, second] = (self.term)(a, b, c[l]);
                        sums0[l] += first;
                        sums1[l] += second;
                    }
                }
            }
            let lanes = block * LANES..block * LANES + LANES;
            sums[0][lanes.clone()].copy_from_slice(&sums0);
            sums[1][lanes].copy_from_slice(&sums1);
        }
        sums
    }
}
