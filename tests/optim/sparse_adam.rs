//! Adam for gradients that are zero in most rows.

use crate::rows::both_ways;
use formwork::optim::SparseAdam;

#[test]
fn other_rows_are_left_alone() {
    let [by_rows, whole] = both_ways(SparseAdam::new(0.1), SparseAdam::new(0.1), (50, 4), 1);
    let moved = |a: &[f64], b: &[f64]| a.iter().zip(b).filter(|(a, b)| a != b).count();
    let start = both_ways(SparseAdam::new(0.0), SparseAdam::new(0.0), (50, 4), 1)[0].clone();
    // At most twelve rows were named.
    assert!((1..=48).contains(&moved(&by_rows, &start)));
    assert!(moved(&whole, &start) <= moved(&by_rows, &start) && whole != by_rows);
}

/// Which moves rows whose gradient is zero.
#[test]
fn weight_decay_is_of_all_rows() {
    let decaying = || SparseAdam::new(0.1).weight_decay(0.1);
    let [by_rows, whole] = both_ways::<f32, _>(decaying(), decaying(), (50, 4), 1);
    assert_eq!(by_rows, whole);
}
