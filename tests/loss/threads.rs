//! Large batches: single against double precision, and one thread against several.

use crate::{classes, distributions, numbers, view, view_mut};
use formwork::data::Batch;
use formwork::loss::{
    Huber, Loss, MeanAbsoluteError, MeanSquaredError, SigmoidCrossEntropy, SoftTargetCrossEntropy,
    SoftmaxCrossEntropy,
};
use nalgebra::Const;

/// The outputs are more than one thread takes at a time, and no whole number of pieces.
fn check<const N: usize, L: Loss<Const<N>> + Sync>(
    loss: &L,
    columns: usize,
    targets: (Batch<L::Target, f32>, Batch<L::Target, f64>),
) {
    let x: Vec<f32> = numbers(N * columns, -6.0, 6.0, 3);
    let mut gradient = vec![f32::NAN; x.len()];
    let value = loss.evaluate(view(&x), &targets.0, Some(view_mut(&mut gradient)));
    assert_eq!(value, loss.evaluate(view(&x), &targets.0, None), "with a gradient and without");

    let x64: Vec<f64> = x.iter().map(|&x| x.into()).collect();
    let mut expected = vec![f64::NAN; x.len()];
    let expected_value = loss.evaluate(view(&x64), &targets.1, Some(view_mut(&mut expected)));
    let off = (f64::from(value) / expected_value - 1.0).abs();
    assert!(off < 2e-6, "{value}, expected {expected_value}");
    let largest = expected.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
    for (i, (&g, e)) in gradient.iter().zip(expected).enumerate() {
        assert!((f64::from(g) - e).abs() < 1e-6 * largest, "output {i}: {g}, expected {e}");
    }

    #[cfg(feature = "parallel")]
    for threads in [1, 2, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut again = vec![f32::NAN; x.len()];
        let value_again =
            pool.install(|| loss.evaluate(view(&x), &targets.0, Some(view_mut(&mut again))));
        assert_eq!(value.to_bits(), value_again.to_bits(), "{threads} threads");
        assert!(gradient.iter().zip(&again).all(|(a, b)| a.to_bits() == b.to_bits()));
    }
}

fn softmax<const N: usize>(columns: usize) {
    let ids = || (classes::<N, _>(columns, 1), classes::<N, _>(columns, 1));
    check(&SoftmaxCrossEntropy::new(), columns, ids());
    check(&SoftmaxCrossEntropy::new().label_smoothing(0.1), columns, ids());
    let targets = (distributions::<N, _>(columns, 2), distributions::<N, _>(columns, 2));
    check(&SoftTargetCrossEntropy, columns, targets);
}

#[test]
fn softmax_narrow() {
    softmax::<10>(8001);
    softmax::<100>(777);
}

#[test]
fn softmax_wide() {
    softmax::<5000>(23);
    softmax::<20_000>(5);
}

#[test]
fn elementwise() {
    let targets = || (distributions::<7, _>(9001, 2), distributions::<7, _>(9001, 2));
    check(&MeanSquaredError, 9001, targets());
    check(&MeanAbsoluteError, 9001, targets());
    check(&Huber::new(1.5), 9001, targets());
    check(&SigmoidCrossEntropy, 9001, targets());
}
