//! Functions and sums with coefficients for each feature, against plain loops.

use crate::{at_every_level, numbers};
use formwork::kernel::features;

/// Few and many features, few and many samples, whole vectors and rests.
const SIZES: [(usize, usize); 10] = [
    (1, 1),
    (1, 700),
    (3, 0),
    (3, 1),
    (3, 500),
    (30, 77),
    (64, 65),
    (255, 3),
    (300, 130),
    (520, 2),
];

#[test]
fn apply_is_the_function_of_each_element() {
    at_every_level(|_| {
        for (features, samples) in SIZES {
            let [a, b] = [1, 2].map(|seed| numbers::<f64>(features * samples, seed));
            let [c, d] = [3, 4].map(|seed| numbers::<f64>(features, seed));
            let mut y = vec![f64::NAN; features * samples];
            features::apply(&mut y, &a, &b, [&c, &d], |a, b, [c, d]| a * c - b + d);
            for (i, y) in y.iter().enumerate() {
                let f = i % features;
                let expected = a[i] * c[f] - b[i] + d[f];
                assert!((y - expected).abs() < 1e-14, "{features} x {samples}, at {i}");
            }
        }
    });
}

#[test]
fn sums_are_those_of_each_feature() {
    at_every_level(|_| {
        for (features, samples) in SIZES {
            let [a, b] = [1, 2].map(|seed| numbers::<f64>(features * samples, seed));
            let c = numbers::<f64>(features, 3);
            let mut total = vec![[f64::NAN; 2]; features];
            features::sums(&mut total, &a, &b, &c, |a, b, c| [a + c, a * b]);
            for (f, total) in total.iter().enumerate() {
                let terms = (0..samples).map(|s| f + s * features);
                let sum: f64 = terms.clone().map(|i| a[i] + c[f]).sum();
                let product: f64 = terms.map(|i| a[i] * b[i]).sum();
                assert!((total[0] - sum).abs() < 1e-11, "{features} x {samples}, feature {f}");
                assert!((total[1] - product).abs() < 1e-11, "{features} x {samples}, feature {f}");
            }
        }
    });
}

/// On sizes that are worth sharing among threads.
#[cfg(feature = "parallel")]
#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    at_every_level(|_| {
        for (features, samples) in [(3, 90_000), (600, 450), (64, 5000)] {
            let [a, b] = [1, 2].map(|seed| numbers::<f32>(features * samples, seed));
            let c = numbers::<f32>(features, 3);
            let on = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| {
                    let (mut y, mut total) = (a.clone(), vec![[0.0; 2]; features]);
                    features::sums(&mut total, &a, &b, &c, |a, b, c| [a + c, a * b]);
                    features::apply(&mut y, &a, &b, [&c], |a, b, [c]| a * c + b);
                    (total, y)
                })
            };
            let one = on(1);
            assert!(one == on(2) && one == on(3), "{features} x {samples}");
        }
    });
}

#[test]
#[should_panic(expected = "7 scalars are no whole number of columns of 2")]
fn part_of_a_column_is_refused() {
    features::sums(&mut [[0.0; 2]; 2], &[0.0; 7], &[0.0; 7], &[0.0; 2], |a, b, _| [a, b]);
}
