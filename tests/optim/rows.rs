//! Updates of rows against those of whole matrices, and against PyTorch.

use formwork::kernel::Real;
use formwork::optim::{Adam, Momentum, RowOptimizer, Rows, Sgd, SparseAdam};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};

/// The values under a name in `rows.txt`, which `tests/reference/optim.py` made.
fn reference(name: &str) -> Vec<f64> {
    let text = include_str!("rows.txt");
    let line = text.lines().find(|line| line.split(' ').next() == Some(name));
    let line = line.unwrap_or_else(|| panic!("no values of {name}"));
    line.split(' ').skip(1).map(|x| x.parse().expect("a number")).collect()
}

/// The matrix of 6 x 3 that the script calls `matrix(seed)`.
fn matrix(seed: usize) -> Vec<f64> {
    let at = |i: usize, j: usize| (((7 * i + 3 * j + seed) % 11) as f64 - 5.0) / 10.0;
    (0..18).map(|k| at(k / 3, k % 3)).collect()
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= tolerance, "{i}: {found}, expected {expected}");
    }
}

/// Five steps of the script, by rows.
fn five_steps(optimizer: &mut dyn RowOptimizer<f64>) -> Vec<f64> {
    let (mut weight, mut rows) = (matrix(0), Rows::new(6));
    for step in 0..5_usize {
        rows.set(&[(step % 6) as u32, ((2 * step + 1) % 6) as u32]);
        let mut gradient = vec![0.0; 18];
        for &row in rows.ids() {
            let row = row as usize * 3..row as usize * 3 + 3;
            for (g, x) in gradient[row.clone()].iter_mut().zip(&matrix(step)[row]) {
                *g = x + 0.05;
            }
        }
        optimizer.step_rows(&mut weight, &gradient, &rows);
    }
    weight
}

#[test]
fn are_those_of_pytorch() {
    assert_close(&five_steps(&mut Sgd::new(0.5)), &reference("sgd"), 1e-15);
    assert_close(&five_steps(&mut Adam::new(0.1)), &reference("adam"), 1e-12);
    assert_close(&five_steps(&mut SparseAdam::new(0.1)), &reference("sparse_adam"), 1e-12);
}

/// Several steps by rows and by whole matrices, from the same random gradients.
pub fn both_ways<T: Real, O: RowOptimizer<T>>(
    mut by_rows: O,
    mut whole: O,
    (count, width): (usize, usize),
    seed: u64,
) -> [Vec<T>; 2] {
    let mut rng = formwork::Generator::seed_from_u64(seed);
    let start: Vec<T> = (0..count * width).map(|_| T::of(rng.random_range(-1.0..1.0))).collect();
    let (mut a, mut b, mut rows) = (start.clone(), start, Rows::new(count));
    for _ in 0..4 {
        let named: Vec<u32> = (0..3).map(|_| rng.random_range(0..count as u32)).collect();
        rows.set(&named);
        let mut gradient = vec![T::ZERO; count * width];
        for &row in rows.ids() {
            gradient[row as usize * width..][..width]
                .fill_with(|| T::of(rng.random_range(-1.0..1.0)));
        }
        by_rows.step_rows(&mut a, &gradient, &rows);
        whole.step(&mut b, &gradient);
    }
    [a, b]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    /// Of a matrix that is shared among threads as well.
    #[test]
    fn of_exact_rules_are_those_of_whole_matrices(
        seed in 0..1000_u64, count in prop_oneof![1..40_usize, 3000..4000_usize], width in 1..40_usize,
    ) {
        let [a, b] = both_ways::<f32, _>(Sgd::new(0.1), Sgd::new(0.1), (count, width), seed);
        prop_assert_eq!(a, b);
        let [a, b] = both_ways::<f32, _>(Adam::new(0.1), Adam::new(0.1), (count, width), seed);
        prop_assert_eq!(a, b);
        let [a, b] = both_ways::<f32, _>(Momentum::new(0.1), Momentum::new(0.1), (count, width), seed);
        prop_assert_eq!(a, b);
        let decay = || Sgd::new(0.1).weight_decay(0.1);
        let [a, b] = both_ways::<f64, _>(decay(), decay(), (count, width), seed);
        prop_assert_eq!(a, b);
    }
}

#[test]
fn count_rows_once_and_in_order() {
    let mut rows = Rows::new(10);
    rows.set(&[9, 0, 9, 3]);
    assert_eq!(rows.ids(), [0, 3, 9]);
    rows.set(&[1]);
    assert_eq!((rows.ids(), rows.count()), (&[1][..], 10));
}

#[test]
#[should_panic(expected = "7 parameters in 2 rows")]
fn refuse_what_is_no_matrix() {
    Sgd::new(0.1).step_rows(&mut [0.0_f32; 7], &[0.0; 7], &Rows::new(2));
}
