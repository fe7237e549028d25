use crate::{at_every_level, numbers};
use formwork::kernel::{columns, elementwise, math, reduce};
use std::cell::RefCell;

/// Lengths around the widths of vectors and pieces.
const LENGTHS: [usize; 8] = [0, 1, 15, 17, 64, 1000, 32_769, 200_003];

#[test]
fn elementwise_functions_have_the_same_bits_at_every_level() {
    for n in LENGTHS {
        let (a, b): (Vec<f32>, _) = (numbers(n, 1), numbers(n, 2));
        let y: Vec<f32> = numbers(n, 4);
        at_every_level(|level| {
            let mut out = y.clone();
            elementwise::map(&mut out, |y| math::tanh(3.0 * y) + math::exp(y));
            for i in 0..n {
                let expected = math::tanh(3.0 * y[i]) + math::exp(y[i]);
                assert_eq!(out[i].to_bits(), expected.to_bits(), "{level:?}, {n}, {i}");
            }

            elementwise::zip2(&mut out, &a, &b, |y, a, b| y * a + b);
            for i in 0..n {
                let expected = (math::tanh(3.0 * y[i]) + math::exp(y[i])) * a[i] + b[i];
                assert_eq!(out[i].to_bits(), expected.to_bits(), "{level:?}, {n}, {i}");
            }
        });
    }
}

#[test]
fn every_elementwise_function_reads_and_writes_what_it_says() {
    let n = 70_000;
    let (a, b): (Vec<f64>, Vec<f64>) = (numbers(n, 1), numbers(n, 2));
    let start: Vec<f64> = numbers(n, 4);
    let check = |found: &[f64], expected: &dyn Fn(usize) -> f64| {
        assert_eq!(found.len(), n);
        assert!((0..n).all(|i| found[i] == expected(i)));
    };
    let mut y = start.clone();
    elementwise::map_into(&mut y, &a, |a| 2.0 * a);
    check(&y, &|i| 2.0 * a[i]);
    elementwise::zip_into(&mut y, &a, &b, |a, b| a - b);
    check(&y, &|i| a[i] - b[i]);
    y.copy_from_slice(&start);
    elementwise::zip(&mut y, &a, |y, a| y - a);
    check(&y, &|i| start[i] - a[i]);
    y.copy_from_slice(&start);
    elementwise::zip2(&mut y, &a, &b, |y, a, b| y - a * b);
    check(&y, &|i| start[i] - a[i] * b[i]);
    y.copy_from_slice(&start);
    elementwise::axpy(&mut y, 0.5, &a);
    elementwise::add(&mut y, &b);
    elementwise::scale(&mut y, 4.0);
    check(&y, &|i| (start[i] + 0.5 * a[i] + b[i]) * 4.0);
    elementwise::fill(&mut y, 7.0);
    check(&y, &|_| 7.0);
}

#[test]
#[should_panic(expected = "slices of different lengths: [3, 3, 2]")]
fn slices_must_have_equal_lengths() {
    elementwise::zip2(&mut [0.0; 3], &[0.0; 3], &[0.0; 2], |y, a, b| y + a + b);
}

#[test]
fn reductions() {
    for n in LENGTHS {
        let (a, b): (Vec<f32>, Vec<f32>) = (numbers(n, 1), numbers(n, 2));
        let exact = |f: &dyn Fn(usize) -> f64| (0..n).map(f).sum::<f64>();
        let close = |found: f32, expected: f64| {
            let allowed = 1e-6 * (1.0 + n as f64).sqrt().max(expected.abs());
            assert!((f64::from(found) - expected).abs() <= allowed, "{n}: {found} for {expected}");
        };
        let bits = RefCell::new(Vec::new());
        at_every_level(|_| {
            close(reduce::sum(&a), exact(&|i| f64::from(a[i])));
            close(reduce::dot(&a, &b), exact(&|i| f64::from(a[i]) * f64::from(b[i])));
            close(reduce::sum_of(&a, |x| x + 1.0) / 8.0, exact(&|i| f64::from(a[i]) + 1.0) / 8.0);
            let squares = f64::from(reduce::sum_of(&a, |x| x * x));
            let expected = exact(&|i| f64::from(a[i]).powi(2));
            assert!((squares - expected).abs() <= 1e-6 * expected);
            bits.borrow_mut().push((reduce::sum(&a).to_bits(), reduce::dot(&a, &b).to_bits()));
        });
        let mut bits = bits.into_inner();
        bits.dedup();
        assert_eq!(bits.len(), 1, "bits differ between levels");
    }
}

#[test]
fn columns_of_samples() {
    for (features, samples) in [(1, 1), (3, 7), (50, 100), (64, 5), (130, 33), (512, 128)] {
        let x: Vec<f64> = numbers(features * samples, 1);
        let bias: Vec<f64> = numbers(features, 2);
        let of = |f: usize, s: usize| x[f + s * features];
        at_every_level(|_| {
            let mut total = bias.clone();
            columns::add_sum(&mut total, &x, features, 0);
            let first = features / 3;
            let mut some = bias[first..features - features / 4].to_vec();
            columns::add_sum(&mut some, &x, features, first);
            let mut transposed = vec![0.0; features * samples];
            columns::transpose(&mut transposed, &x, features, samples);
            for f in 0..features {
                let sum: f64 = (0..samples).map(|s| of(f, s)).sum();
                assert_eq!(total[f], bias[f] + sum);
                for s in 0..samples {
                    assert_eq!(transposed[s + f * samples], of(f, s));
                }
            }
            assert_eq!(some, total[first..][..some.len()]);
        });
    }
}

#[test]
#[should_panic(expected = "7 scalars are no whole number of columns of 3")]
fn columns_must_be_whole() {
    columns::add_sum(&mut [0.0; 3], &[0.0; 7], 3, 0);
}

#[test]
#[should_panic(expected = "more sums than features")]
fn sums_are_of_features_that_exist() {
    columns::add_sum(&mut [0.0; 2], &[0.0; 6], 3, usize::MAX);
}
