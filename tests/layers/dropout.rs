//! Dropout.

use crate::harness::{Passes, cases, numbers, passes};
use formwork::Model;
use formwork::data::Batch;
use formwork::gradcheck::GradCheck;
use formwork::layer::{Layer, Value};
use formwork::prelude::*;
use formwork::typenum::{U3, U1000};
use proptest::prelude::*;
use rand::SeedableRng;

/// A rate of so many hundredths.
#[derive(Clone, Copy)]
struct Percent<const N: i64>;

impl<const N: i64> Value<f64> for Percent<N> {
    const VALUE: Option<f64> = Some(N as f64 / 100.0);
    const TEXT: &'static str = if N == 150 { "1.5" } else { "another" };
}

type Thousand = Vector<U1000>;

/// The masks of `units` units, each 0 or the scale.
fn mask<const PERCENT: i64>(units: usize, seed: u64) -> Vec<f64> {
    let ones = vec![1.0; units];
    let (y, dx) =
        Passes::<Dropout<Percent<PERCENT>>, Thousand>::new(units / 1000).train(&ones, &ones, seed);
    assert_eq!(y, dx, "backward has the mask of forward");
    y
}

#[test]
fn drops_at_its_rate_and_keeps_the_mean() {
    // 0.3 * 65536 = 19660.8, so 19661 draws of 65536 drop a unit.
    let (n, rate) = (200_000, 19661.0 / 65536.0);
    let mask = mask::<30>(n, 1);
    assert!(mask.iter().all(|&m| m == 0.0 || m == 65536.0 / (65536.0 - 19661.0)));
    let dropped = mask.iter().filter(|&&m| m == 0.0).count() as f64 / n as f64;
    // Four standard deviations of a mean of n draws.
    let deviation = (rate * (1.0 - rate) / n as f64).sqrt();
    assert!((dropped - rate).abs() < 4.0 * deviation, "{dropped} of {rate}");
    let mean = mask.iter().sum::<f64>() / n as f64;
    assert!((mean - 1.0).abs() < 4.0 * deviation / (1.0 - rate), "{mean}");
}

#[test]
fn units_are_dropped_independently() {
    let n = 200_000;
    let mask = mask::<50>(n, 2);
    // Masks are 0 or 2, so these are means of n products of -1 or 1, of deviation 1 / sqrt(n).
    for distance in [1, 2, 4, 8, 1000, 1024] {
        let products = mask.iter().zip(&mask[distance..]).map(|(a, b)| (a - 1.0) * (b - 1.0));
        let correlation = products.sum::<f64>() / (n - distance) as f64;
        assert!(correlation.abs() < 4.0 / (n as f64).sqrt(), "{correlation} at {distance}");
    }
}

#[test]
fn extreme_rates() {
    assert_eq!(mask::<0>(1000, 3), [1.0; 1000]);
    // 0.99 * 65536 = 64880.64
    let kept: Vec<f64> = mask::<99>(100_000, 3).into_iter().filter(|&m| m > 0.0).collect();
    assert!(kept.iter().all(|&m| m == 65536.0 / (65536.0 - 64881.0)));
    assert!((800..1200).contains(&kept.len()), "{}", kept.len());
}

network! { struct Net: Vector<1000> => Vector<1000> { Dropout(0.5) } }

#[test]
fn the_same_seed_draws_the_same_masks() {
    let mut model = Model::<Net>::zeroed();
    let batch = Batch::from_vec(vec![1.0; 1000]).unwrap();
    let mut masks = |seed| {
        let mut workspace = Workspace::<Net>::new(1, seed);
        [(); 2].map(|()| workspace.forward(&mut model, &batch).outputs().as_slice().to_vec())
    };
    let [first, second] = masks(7);
    assert_ne!(first, second, "each step draws anew");
    assert_eq!(masks(7), [first.clone(), second]);
    assert_ne!(masks(8)[0], first);
}

#[test]
fn inference_changes_nothing() {
    let model = Model::<Net>::new(&mut Generator::seed_from_u64(1));
    let batch = Batch::from_vec(numbers::<f32>(3000, 4)).unwrap();
    assert_eq!(Inference::<Net>::new(3).run(&model, &batch).as_slice(), batch.data());
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn gradients(seed: u64, columns in 1..4_usize) {
        let check = GradCheck::new(seed).columns(columns);
        passes(check.layer::<Dropout<Percent<30>>, Vector<U3>>())?;
        passes(check.layer::<Dropout<Percent<0>>, Image<U3, U3, U3>>())?;
    }
}

#[test]
#[should_panic = "layer `x`: the rate of Dropout must be at least 0 and below 1, but is 1.5"]
fn a_rate_above_one_is_refused() {
    <Dropout<Percent<150>> as Layer<Thousand>>::CHECK.report("x");
}

#[test]
fn rates_are_from_zero_to_below_one() {
    assert!(!<Dropout<Percent<100>> as Layer<Thousand>>::CHECK.is_ok());
    assert!(!<Dropout<Percent<-1>> as Layer<Thousand>>::CHECK.is_ok());
    assert!(<Dropout<Percent<99>> as Layer<Thousand>>::CHECK.is_ok());
    assert!(<Dropout<Percent<0>> as Layer<Thousand>>::CHECK.is_ok());
}

#[test]
#[should_panic = "layer `x`: Dropout needs its rate: `Dropout(0.5)`"]
fn a_rate_must_be_given() {
    <Dropout as Layer<Thousand>>::CHECK.report("x");
}

#[test]
fn what_is_not_a_number_stays_so_whether_kept_or_not() {
    let x = vec![f64::NAN; 1000];
    let (y, _) = Passes::<Dropout<Percent<50>>, Thousand>::new(1).train(&x, &x, 1);
    assert!(y.iter().all(|y| y.is_nan()));
}
