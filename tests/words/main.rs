//! Word vectors: counts, factors, networks with negative sampling, and files.

mod counts;
mod files;
mod sampling;
mod vectors;

/// The values under a name in `reference.txt`, which `tests/reference/words.py` made.
fn reference(name: &str) -> Vec<f64> {
    let text = include_str!("reference.txt");
    let line = text.lines().find(|line| line.split(' ').next() == Some(name));
    let line = line.unwrap_or_else(|| panic!("no values of {name}"));
    line.split(' ').skip(1).map(|x| x.parse().expect("a number")).collect()
}

/// The matrix of 6 x 3 that the script calls `matrix(seed)`.
fn matrix(seed: usize) -> Vec<f64> {
    let at = |i: usize, j: usize| (((7 * i + 3 * j + seed) % 11) as f64 - 5.0) / 10.0;
    (0..18).map(|k| at(k / 3, k % 3)).collect()
}

/// Whether numbers agree to so many.
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= tolerance, "{i}: {found}, expected {expected}");
    }
}
