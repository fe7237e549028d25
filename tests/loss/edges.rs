//! Extreme outputs, ignored targets, no columns, and broken promises.

use crate::{classes, distributions, numbers, view, view_mut};
use formwork::data::{Batch, Classes, IGNORED, Values};
use formwork::kernel::Real;
use formwork::loss::{
    Huber, Loss, MeanAbsoluteError, MeanSquaredError, MultiResolutionStft, SigmoidCrossEntropy,
    SoftTargetCrossEntropy, SoftmaxCrossEntropy,
};
use nalgebra::Const;

fn evaluate<T: Real, const N: usize, L: Loss<Const<N>>>(
    loss: L,
    outputs: &[T],
    targets: &Batch<L::Target, T>,
) -> (f64, Vec<f64>) {
    let mut gradient = vec![T::ONE / T::ZERO; outputs.len()];
    let value = loss.evaluate(view(outputs), targets, Some(view_mut(&mut gradient)));
    (value.to_f64(), gradient.into_iter().map(T::to_f64).collect())
}

#[test]
fn extreme_logits() {
    fn check<T: Real>() {
        let x = [1e4, -1e4, 0.0].map(T::of);
        let class = |id| Batch::<Classes<3>, T>::from_vec(vec![id]).unwrap();
        let plain = SoftmaxCrossEntropy::new();
        assert_eq!(evaluate(plain, &x, &class(0)), (0.0, vec![0.0, 0.0, 0.0]));
        assert_eq!(evaluate(plain, &x, &class(1)), (2e4, vec![1.0, -1.0, 0.0]));
        // 0.7 * 0 + 0.1 * (0 + 20000 + 10000)
        let (value, gradient) = evaluate(plain.label_smoothing(0.3), &x, &class(0));
        assert!((value - 3000.0).abs() < 1e-3, "{value}");
        let expected = [0.2, -0.1, -0.1];
        assert!(gradient.iter().zip(expected).all(|(g, e)| (g - e).abs() < 1e-7), "{gradient:?}");

        let halves = Batch::<Values<3>, T>::from_rows([[0.5, 0.5, 0.0].map(T::of)]).unwrap();
        let soft = evaluate(SoftTargetCrossEntropy, &x, &halves);
        assert_eq!(soft, (1e4, vec![0.5, -0.5, 0.0]));

        // -(0.5 * 0 + 0.5 * -1e4), ln(1 + e^1e4) and ln 2, for sigmoids of 1, 0 and 1/2
        let answers = Batch::<Values<3>, T>::from_rows([[0.5, 1.0, 1.0].map(T::of)]).unwrap();
        let (value, gradient) = evaluate(SigmoidCrossEntropy, &x, &answers);
        let expected = (5e3 + 1e4 + 2.0_f64.ln()) / 3.0;
        assert!((value - expected).abs() < 1e-3, "{value}, expected {expected}");
        let expected = [0.5 / 3.0, -1.0 / 3.0, -0.5 / 3.0];
        assert!(gradient.iter().zip(expected).all(|(g, e)| (g - e).abs() < 1e-7), "{gradient:?}");
    }
    check::<f32>();
    check::<f64>();
}

#[test]
fn a_small_sigmoid_loss_is_kept() {
    // ln(1 + e^-20) = 2.06e-9, which 20 - 20 would lose.
    let yes = Batch::<Values<1>, f32>::from_vec(vec![1.0]).unwrap();
    let (value, _) = evaluate(SigmoidCrossEntropy, &[20.0_f32], &yes);
    assert!((value / (-20.0_f64).exp().ln_1p() - 1.0).abs() < 1e-5, "{value}");
}

#[test]
fn not_a_number_stays_one() {
    fn check<const N: usize>() {
        let mut x = vec![0.5_f32; 2 * N];
        x[N + N / 2] = f32::NAN;
        let ids = Batch::<Classes<N>>::from_vec(vec![0, 0]).unwrap();
        let values = Batch::<Values<N>>::from_vec(vec![0.25; 2 * N]).unwrap();
        assert!(evaluate(SoftmaxCrossEntropy::new(), &x, &ids).0.is_nan());
        assert!(evaluate(SoftTargetCrossEntropy, &x, &values).0.is_nan());
        assert!(evaluate(SigmoidCrossEntropy, &x, &values).0.is_nan());
        assert!(evaluate(MeanSquaredError, &x, &values).0.is_nan());
        assert!(evaluate(MeanAbsoluteError, &x, &values).0.is_nan());
        assert!(evaluate(Huber::new(1.0), &x, &values).0.is_nan());
    }
    check::<10>();
    check::<300>();
}

#[test]
fn ignored_targets_are_as_if_not_there() {
    fn check<const N: usize>() {
        let x: Vec<f64> = numbers(N * 3, -3.0, 3.0, 1);
        let some = Batch::<Classes<N>, f64>::from_vec(vec![1, IGNORED, 0]).unwrap();
        let others = Batch::<Classes<N>, f64>::from_vec(vec![1, 0]).unwrap();
        let without = [&x[..N], &x[2 * N..]].concat();
        for loss in [SoftmaxCrossEntropy::new(), SoftmaxCrossEntropy::new().label_smoothing(0.25)] {
            let (value, gradient) = evaluate(loss, &x, &some);
            let (expected, expected_gradient) = evaluate(loss, &without, &others);
            assert_eq!(value, expected);
            assert_eq!(gradient[..N], expected_gradient[..N]);
            assert_eq!(gradient[N..2 * N], vec![0.0; N]);
            assert_eq!(gradient[2 * N..], expected_gradient[N..]);
        }
    }
    check::<4>();
    check::<300>();
}

#[test]
fn all_targets_ignored() {
    let ignored = Batch::<Classes<3>, f64>::from_vec(vec![IGNORED; 2]).unwrap();
    let x = [1.0, 2.0, 3.0, f64::NAN, 5.0, 6.0];
    assert_eq!(evaluate(SoftmaxCrossEntropy::new(), &x, &ignored), (0.0, vec![0.0; 6]));
}

#[test]
fn no_columns() {
    assert_eq!(evaluate(SoftmaxCrossEntropy::new(), &[], &classes::<3, f64>(0, 1)), (0.0, vec![]));
    let none = distributions::<3, f64>(0, 1);
    assert_eq!(evaluate(SoftTargetCrossEntropy, &[], &none), (0.0, vec![]));
    assert_eq!(evaluate(MeanSquaredError, &[], &none), (0.0, vec![]));
}

#[test]
#[should_panic(expected = "outputs for 2 targets of a network with 3 outputs")]
fn another_number_of_columns_panics() {
    evaluate(SoftmaxCrossEntropy::new(), &[0.0; 9], &classes::<3, f32>(2, 1));
}

#[test]
#[should_panic(expected = "the gradient has the size of the outputs")]
fn another_size_of_gradient_panics() {
    let (x, mut gradient) = ([0.0; 6], [0.0; 3]);
    let targets = distributions::<3, f32>(2, 1);
    MeanSquaredError.evaluate(view(&x), &targets, Some(view_mut(&mut gradient)));
}

#[test]
#[should_panic(expected = "label smoothing must lie in [0, 1)")]
fn smoothing_everything_panics() {
    let _ = SoftmaxCrossEntropy::new().label_smoothing(1.0);
}

#[test]
#[should_panic(expected = "label smoothing must lie in [0, 1)")]
fn smoothing_by_not_a_number_panics() {
    let _ = SoftmaxCrossEntropy::new().label_smoothing(f64::NAN);
}

#[test]
#[should_panic(expected = "delta must be positive and finite")]
fn a_delta_of_zero_panics() {
    Huber::new(0.0);
}

#[test]
fn infinite_logits_of_a_sigmoid() {
    let infinite = f64::INFINITY;
    for (x, t, expected) in [
        (infinite, 0.0, infinite),
        (infinite, 1.0, 0.0),
        (-infinite, 0.0, 0.0),
        (-infinite, 1.0, infinite),
    ] {
        let targets = Batch::<Values<1>, f64>::from_rows([[t]]).unwrap();
        let (loss, gradient) = evaluate(SigmoidCrossEntropy, &[x], &targets);
        assert_eq!(loss, expected, "{x}, {t}");
        assert_eq!(gradient, [if x > 0.0 { 1.0 - t } else { -t }], "{x}, {t}");
    }
}

/// A class that is not to be may be infinitely unlikely; one that is to be is then an infinite loss.
#[test]
fn an_infinite_logit_of_a_class_that_is_not_to_be() {
    let x = [0.0, f64::NEG_INFINITY, 0.0];
    let targets = |t: [f64; 3]| Batch::<Values<3>, f64>::from_rows([t]).unwrap();
    let (value, gradient) = evaluate(SoftTargetCrossEntropy, &x, &targets([0.5, 0.0, 0.5]));
    assert!((value - 2.0_f64.ln()).abs() < 1e-15, "{value}");
    assert_eq!(gradient, [0.0; 3]);
    let (value, _) = evaluate(SoftTargetCrossEntropy, &x, &targets([0.5, 0.5, 0.0]));
    assert_eq!(value, f64::INFINITY);
    let x = [0.0, f64::NAN, 0.0];
    assert!(evaluate(SoftTargetCrossEntropy, &x, &targets([0.5, 0.0, 0.5])).0.is_nan());
}

/// Weights of 1 change nothing but rounding, what has no weight does not count, however far off, and
/// what is not a number is not hidden by that.
#[test]
fn weights_at_the_edges() {
    let plain = SoftmaxCrossEntropy::new().label_smoothing(0.25);
    let x: Vec<f64> = numbers(10 * 6, -3.0, 3.0, 1);
    let targets = classes::<10, f64>(6, 2);
    let (expected, by) = evaluate(plain, &x, &targets);
    let (value, gradient) = evaluate(plain.class_weights([1.0; 10]), &x, &targets);
    assert!((value - expected).abs() < 1e-14);
    assert!(gradient.iter().zip(by).all(|(g, e)| (g - e).abs() < 1e-15));

    let one = SoftmaxCrossEntropy::new().class_weights([0.0, 2.0]);
    let ids = |ids: &[u32]| Batch::<Classes<2>, f64>::from_vec(ids.to_vec()).unwrap();
    let (value, gradient) = evaluate(one, &[-1e300, 1e300, 0.0, 0.0], &ids(&[0, 1]));
    assert!((value - 2.0_f64.ln()).abs() < 1e-15);
    assert_eq!(gradient, [0.0, 0.0, 0.5, -0.5]);
    assert_eq!((one.weight(&ids(&[0, 1, 1])), one.weight(&ids(&[IGNORED, 0]))), (4.0, 0.0));
    assert_eq!(evaluate(one, &[1.0, 2.0], &ids(&[0])), (0.0, vec![0.0, 0.0]));
    assert_eq!(evaluate(one, &[1.0, 2.0], &ids(&[IGNORED])), (0.0, vec![0.0, 0.0]));
    assert!(evaluate(one, &[f64::NAN, 2.0], &ids(&[0])).0.is_nan());

    let yes = SigmoidCrossEntropy.positive_weights([3.0]);
    let values = |t: f64| Batch::<Values<1>, f64>::from_vec(vec![t]).unwrap();
    // 3 ln(1 + e^-x), at both ends.
    assert_eq!(evaluate(yes, &[-1e4], &values(1.0)), (3e4, vec![-3.0]));
    assert_eq!(evaluate(yes, &[f64::INFINITY], &values(1.0)), (0.0, vec![0.0]));
    assert_eq!(evaluate(yes, &[f64::NEG_INFINITY], &values(0.0)), (0.0, vec![0.0]));
    assert!(evaluate(yes, &[f64::NAN], &values(1.0)).0.is_nan());
    let none = SigmoidCrossEntropy.positive_weights([0.0]);
    assert_eq!(evaluate(none, &[-5.0], &values(1.0)), (0.0, vec![0.0]));
    assert!(evaluate(none, &[f64::NAN], &values(1.0)).0.is_nan());
}

#[test]
#[should_panic(expected = "the weights of a loss must be finite and not negative")]
fn a_negative_weight() {
    let _ = SoftmaxCrossEntropy::new().class_weights([1.0, -1.0]);
}

#[test]
fn spectra_that_are_equal_have_no_slope() {
    let wave: Vec<f64> = (0..32).map(|i| (f64::from(i) * 0.7).sin()).collect();
    let targets = Batch::<Values<1>, f64>::from_vec(wave.clone()).unwrap();
    let loss = MultiResolutionStft::new(1).resolutions(&[(16, 4, 16)]);
    let mut gradient = vec![f64::NAN; 32];
    assert_eq!(loss.evaluate(view(&wave), &targets, Some(view_mut::<1, _>(&mut gradient))), 0.0);
    assert_eq!(gradient, [0.0; 32]);
    // What is not a number is not hidden.
    let mut wave = wave;
    wave[7] = f64::NAN;
    assert!(loss.evaluate(view::<1, _>(&wave), &targets, None).is_nan());
}

#[test]
#[should_panic(expected = "12 steps are fewer than a transform of 16 takes")]
fn signals_shorter_than_a_transform_are_refused() {
    let targets = Batch::<Values<1>, f64>::from_vec(vec![0.0; 14]).unwrap();
    let loss = MultiResolutionStft::new(1).after(2).resolutions(&[(16, 4, 16)]);
    loss.evaluate(view::<1, _>(&[0.0; 14]), &targets, None);
}
