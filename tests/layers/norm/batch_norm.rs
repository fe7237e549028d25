//! Batch normalisation.

use crate::harness::{Passes, assert_near, cases, passes, values};
use formwork::data::{Batch, Grid};
use formwork::gradcheck::GradCheck;
use formwork::layer::{Layer, Mode};
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U3, U5, U9, U33};
use proptest::prelude::*;
use rand::SeedableRng;

type Photo = Image<U3, U2, U2>;

// From `tests/reference/norm.py`.
const Y: [f64; 24] = [
    0.699547066,
    0.843921964,
    0.507752346,
    -0.451175909,
    -2.13144249,
    1.19474284,
    0.0385264851,
    1.15965373,
    -1.36004181,
    0.694800768,
    0.812023971,
    0.532513854,
    -0.457536657,
    -2.12807319,
    1.1763998,
    0.0496951805,
    1.18814976,
    -1.36628249,
    0.689884571,
    0.779882444,
    0.557158062,
    -0.463741506,
    -2.12411618,
    1.15775741,
];
const DX: [f64; 24] = [
    0.570510996,
    0.925097388,
    -0.352143119,
    0.339343133,
    0.153349056,
    0.0806447234,
    -0.234926893,
    -0.584738525,
    0.310463845,
    -0.69768946,
    -1.10950843,
    0.572125721,
    -0.671913983,
    -0.983801683,
    0.364824319,
    -0.224201402,
    0.0357509083,
    -0.257572596,
    0.327358252,
    0.795766313,
    -0.417249671,
    0.591519358,
    0.768084974,
    -0.301093222,
];
const DWEIGHT: [f64; 3] = [0.108936378, -0.586809093, -1.11638629];
const DBIAS: [f64; 3] = [1.01733303, 0.969367698, 0.834811639];
const RUNNING_MEAN: [f64; 3] = [0.561403013, 0.555267661, 0.514233961];
const RUNNING_VAR: [f64; 3] = [0.882036871, 1.34642881, 2.10247735];
const INFERENCE: [f64; 24] = [
    1.34997905,
    2.7725548,
    -0.195961997,
    0.430247751,
    -0.907878811,
    0.73507368,
    0.821649183,
    3.16310521,
    -2.72726777,
    1.34618551,
    2.73309797,
    -0.16240426,
    0.425163835,
    -0.903711091,
    0.710214486,
    0.830575918,
    3.19835392,
    -2.73572537,
    1.34225617,
    2.6933399,
    -0.12900549,
    0.420204523,
    -0.898816389,
    0.684949612,
];

#[test]
fn agrees_with_pytorch_over_three_steps_and_in_inference() {
    let input = |step: f64| values(24, |i| ((0.7 * i + step).sin()) * (1.0 + i % 3.0) + 2.0);
    let dy = values(24, |i| (0.3 * i).cos());
    let mut passes = Passes::<BatchNorm, Photo>::new(2);
    passes.params.weight.copy_from_slice(&[0.5, 1.5, -1.0]);
    passes.params.bias.copy_from_slice(&[0.1, -0.2, 0.3]);
    let mut last = Default::default();
    for step in 0..3 {
        last = passes.train(&input(f64::from(step)), &dy, 2);
        <BatchNorm as Layer<Photo>>::observe(&mut passes.stats, &passes.tape);
    }
    let (y, dx) = last;
    assert_near("y", &y, &Y, 5e-9);
    assert_near("dx", &dx, &DX, 5e-9);
    assert_near("dweight", &passes.gradient.weight, &DWEIGHT, 5e-9);
    assert_near("dbias", &passes.gradient.bias, &DBIAS, 5e-9);
    assert_near("mean", &passes.stats.running_mean, &RUNNING_MEAN, 5e-9);
    assert_near("var", &passes.stats.running_var, &RUNNING_VAR, 5e-9);
    assert_near("y", &passes.forward(&input(2.0), Mode::Inference), &INFERENCE, 5e-9);
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients(seed: u64, columns in 2..6_usize) {
        let check = GradCheck::new(seed).columns(columns);
        passes(check.layer::<BatchNorm, Vector<U5>>())?;
        passes(check.layer::<BatchNorm, Vector<U33>>())?;
        passes(check.layer::<BatchNorm, Image<U3, U2, U5>>())?;
        passes(check.layer::<BatchNorm, Image<U1, U3, U2>>())?;
        passes(check.layer::<BatchNorm, Image<U9, U1, U2>>())?;
    }
}

#[test]
fn a_large_mean_leaves_the_variance_exact_in_single_precision() {
    // Values c, c + 1, c - 1, ..: mean c, variance 2/3, of which E[x^2] - E[x]^2 would leave
    // nothing, since c^2 = 1e8 is known to 8 in single precision.
    network! { struct Alone: Vector<1> => Vector<1> { bn: BatchNorm } }
    let columns = 3 * 700;
    let x = (0..columns).map(|i| 10_000.0 + [0.0, 1.0, -1.0][i % 3]).collect();
    let batch = Batch::<Grid<1>, f32>::from_vec(x).unwrap();
    let mut model = Model::<Alone>::new(&mut Generator::seed_from_u64(1));
    let mut workspace = Workspace::<Alone>::new(columns, 1);
    let step = workspace.forward(&mut model, &batch);
    let y = step.outputs()[1];
    assert!((f64::from(y) - 1.5_f64.sqrt()).abs() < 1e-4, "{y}");
    step.backward();
    let unbiased = 2.0 / 3.0 * columns as f64 / (columns - 1) as f64;
    let expected = 0.9 + 0.1 * unbiased;
    assert!((f64::from(model.stats.bn.running_var[0]) - expected).abs() < 1e-6);
    assert!((f64::from(model.stats.bn.running_mean[0]) - 1000.0).abs() < 1e-3);
}

#[test]
fn equal_values_give_the_bias_however_large() {
    for (x, n) in [(2074.5698, 100), (2_103_809.8, 100), (2_103_809.8, 1000), (-1e12, 99)] {
        let mut passes = Passes::<BatchNorm, Vector<U1>, f32>::new(n);
        passes.params.bias[0] = 0.25;
        let dy: Vec<f32> = (0..n).map(|i| [1.0, -1.0, 0.0, 0.0][i % 4]).collect();
        let (y, dx) = passes.train(&vec![x; n], &dy, 2);
        assert_eq!(y, vec![0.25; n], "{n} times {x}");
        assert_eq!(passes.gradient.weight[0], 0.0, "{n} times {x}");
        // The variance is zero: (dy - mean of dy) / sqrt(eps) is left.
        let mean = f64::from(dy.iter().sum::<f32>()) / n as f64;
        let expected = values(n, |i| (f64::from(dy[i as usize]) - mean) / 1e-5_f64.sqrt());
        assert_near("dx", &dx, &expected, 1e-6);
    }
}

#[test]
fn a_single_column_gives_the_bias_and_keeps_the_running_variance() {
    let mut passes = Passes::<BatchNorm, Vector<U2>>::new(1);
    passes.params.bias.copy_from_slice(&[0.25, -4.0]);
    let (y, dx) = passes.train(&[5.0, -7.0], &[1.0, 2.0], 2);
    assert_eq!(y, [0.25, -4.0]);
    assert_eq!(dx, [0.0, 0.0]);
    assert_eq!(passes.gradient.bias.as_slice(), [1.0, 2.0]);
    assert_eq!(passes.gradient.weight.as_slice(), [0.0, 0.0]);
    <BatchNorm as Layer<Vector<U2>>>::observe(&mut passes.stats, &passes.tape);
    assert_near("mean", &passes.stats.running_mean, &[0.5, -0.7], 1e-15);
    assert_eq!(passes.stats.running_var.as_slice(), [1.0, 1.0]);
}

#[test]
fn the_layer_before_is_initialised_for_the_one_after() {
    // He before a rectifier: a standard deviation of sqrt(2 / 400); Xavier would give sqrt(2 / 500).
    network! { struct Net: Vector<400> => Vector<100> { fc: Dense<100>, BatchNorm, Relu } }
    let model = Model::<Net, f64>::new(&mut Generator::seed_from_u64(3));
    let weight = formwork::layer::as_slice::<f64, _>(&model.fc.weight);
    let variance = weight.iter().map(|w| w * w).sum::<f64>() / 40_000.0;
    assert!((variance * 400.0 - 2.0).abs() < 0.06, "{}", variance * 400.0);
    assert_eq!(model.batch_norm1.weight.as_slice(), [1.0; 100]);
}

network! {
    struct Damped: Vector<1> => Vector<1> { bn: BatchNorm(3.0) }
}

#[test]
fn what_is_added_to_the_variance_can_be_chosen() {
    let mut model = Model::<Damped, f64>::new(&mut Generator::seed_from_u64(1));
    let mut workspace = Workspace::<Damped, f64>::new(2, 1);
    let x = Batch::<Grid<1>, f64>::from_vec(vec![4.0, 6.0]).unwrap();
    // The mean is 5 and the variance 1, so that (x - 5) / sqrt(1 + 3) is left.
    assert_eq!(workspace.forward(&mut model, &x).outputs().as_slice(), [-0.5, 0.5]);
}
