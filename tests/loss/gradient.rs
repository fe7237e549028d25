//! Gradients against central differences, in double precision.

use crate::{classes, distributions, numbers, view, view_mut};
use formwork::data::{Batch, Values};
use formwork::loss::{
    ErrorToSignal, Huber, Loss, MeanAbsoluteError, MeanSquaredError, MultiResolutionStft,
    SigmoidCrossEntropy, SoftTargetCrossEntropy, SoftmaxCrossEntropy,
};
use nalgebra::Const;
use proptest::prelude::*;

/// Half the distance between the points of a difference.
const STEP: f64 = 1e-5;

fn check<const N: usize, L: Loss<Const<N>>>(
    loss: &L,
    outputs: &[f64],
    targets: &Batch<L::Target, f64>,
) -> Result<(), TestCaseError> {
    let mut gradient = vec![f64::NAN; outputs.len()];
    let value = loss.evaluate(view(outputs), targets, Some(view_mut(&mut gradient)));
    prop_assert_eq!(value, loss.evaluate(view(outputs), targets, None));
    let mut moved = outputs.to_vec();
    for (i, &g) in gradient.iter().enumerate() {
        let mut at = |x: f64| {
            moved[i] = x;
            loss.evaluate(view(&moved), targets, None)
        };
        let difference = (at(outputs[i] + STEP) - at(outputs[i] - STEP)) / (2.0 * STEP);
        moved[i] = outputs[i];
        prop_assert!(
            (g - difference).abs() < 1e-8 * (1.0 + value),
            "output {i}: gradient {g}, difference {difference}"
        );
    }
    Ok(())
}

fn softmax<const N: usize>(columns: usize, smoothing: f64, seed: u64) -> Result<(), TestCaseError> {
    let x = numbers(N * columns, -5.0, 5.0, seed);
    let targets = classes::<N, f64>(columns, !seed);
    check(&SoftmaxCrossEntropy::new(), &x, &targets)?;
    check(&SoftmaxCrossEntropy::new().label_smoothing(smoothing), &x, &targets)?;
    let weights = numbers::<f64>(N, 0.0, 3.0, seed).try_into().unwrap();
    check(&SoftmaxCrossEntropy::new().class_weights(weights), &x, &targets)?;
    let smooth = SoftmaxCrossEntropy::new().label_smoothing(smoothing).class_weights(weights);
    check(&smooth, &x, &targets)?;
    check(&SoftTargetCrossEntropy, &x, &distributions::<N, f64>(columns, !seed))
}

fn elementwise<const N: usize>(columns: usize, delta: f64, seed: u64) -> Result<(), TestCaseError> {
    let t: Vec<f64> = numbers(N * columns, -3.0, 3.0, seed);
    // At an error of 0 the absolute error has no derivative: stay away from it.
    let away = |e: f64| if e.abs() < 0.01 { 0.01 } else { e };
    let errors = numbers(N * columns, -3.0, 3.0, !seed).into_iter().map(away);
    let x: Vec<f64> = t.iter().zip(errors).map(|(t, e)| t + e).collect();
    let targets = Batch::<Values<N>, f64>::from_vec(t).unwrap();
    check(&MeanSquaredError, &x, &targets)?;
    check(&ErrorToSignal::new(1).after(1).pre_emphasis(0.9), &x, &targets)?;
    check(&MeanAbsoluteError, &x, &targets)?;
    let probabilities = numbers(N * columns, 0.0, 1.0, seed);
    let probabilities = Batch::<Values<N>, f64>::from_vec(probabilities).unwrap();
    check(&SigmoidCrossEntropy, &x, &probabilities)?;
    let weights = numbers::<f64>(N, 0.0, 3.0, seed).try_into().unwrap();
    check(&SigmoidCrossEntropy.positive_weights(weights), &x, &probabilities)?;
    // Where the two cases of the Huber loss meet, the second derivative jumps: the difference is
    // off by up to STEP / 4.
    let meets = |(x, t): (&f64, &f64)| ((x - t).abs() - delta).abs() < 2.0 * STEP;
    prop_assume!(!x.iter().zip(targets.data()).any(meets));
    check(&Huber::new(delta), &x, &targets)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    // 1 to 31 outputs one by one, 32 to 256 in lanes, above in parts.
    #[test]
    fn softmax_with_few_classes(columns in 0_usize..6, s in 0.0..0.99, seed: u64) {
        softmax::<1>(columns, s, seed)?;
        softmax::<2>(columns, s, seed)?;
        softmax::<10>(columns, s, seed)?;
        softmax::<31>(columns, s, seed)?;
    }

    #[test]
    fn softmax_in_lanes(columns in 1_usize..4, s in 0.0..0.99, seed: u64) {
        softmax::<32>(columns, s, seed)?;
        softmax::<77>(columns, s, seed)?;
    }

    #[test]
    fn elementwise_losses(columns in 0_usize..6, delta in 0.1..3.0, seed: u64) {
        elementwise::<1>(columns, delta, seed)?;
        elementwise::<7>(columns, delta, seed)?;
        elementwise::<40>(columns, delta, seed)?;
    }
}

#[test]
fn softmax_in_parts() {
    softmax::<300>(2, 0.2, 1).unwrap();
    softmax::<1025>(1, 0.2, 2).unwrap();
}

/// Signals whose spectra are nowhere alike, where the logarithms' difference has no derivative.
#[test]
fn of_spectra() {
    let wave = |turn: f64, grows: f64| -> Vec<f64> {
        (0..2 * 2 * 24).map(f64::from).map(|i| (turn * i + grows * i * i).sin()).collect()
    };
    let targets = Batch::<Values<2>, f64>::from_vec(wave(1.7, 0.02)).unwrap();
    let loss = MultiResolutionStft::new(2).after(3).resolutions(&[(16, 2, 11), (8, 3, 8)]);
    check::<2, _>(&loss, &wave(0.9, 0.01), &targets).unwrap();
}
