//! Layer normalisation.

use crate::harness::{Passes, assert_near, cases, passes, values};
use formwork::gradcheck::GradCheck;
use formwork::layer::Mode;
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U3, U5, U33, U100};
use proptest::prelude::*;

// From `tests/reference/norm.py`.
const Y: [f64; 24] = [
    -0.947292097,
    0.308756988,
    1.63366868,
    0.770214984,
    0.34745824,
    -0.95938756,
    -1.48558461,
    -1.83808106,
    -0.929807309,
    0.560009764,
    2.61915459,
    4.60014987,
    0.295843474,
    -0.141482774,
    -1.3454267,
    -1.58000479,
    -1.97177074,
    -1.27855609,
    0.126358969,
    1.79455805,
    3.41186626,
    1.97043284,
    1.79795605,
    0.815553733,
];
const DX: [f64; 24] = [
    1.25396427,
    2.13806316,
    2.59068395,
    1.47382634,
    1.03941475,
    0.145888949,
    -0.65180026,
    -1.39491192,
    -2.05937311,
    -1.22540228,
    -1.50758743,
    -1.8027664,
    -2.01800172,
    -1.73094283,
    -0.979859298,
    0.239443044,
    0.68898135,
    0.955647917,
    0.258244272,
    0.234065988,
    0.538096253,
    -0.18614997,
    0.647327855,
    1.35314714,
];
const DWEIGHT: [f64; 12] = [
    -1.21259222,
    0.719355433,
    0.314148328,
    1.11499777,
    0.25128064,
    -0.106058621,
    1.45433038,
    -0.512088812,
    1.04105835,
    -0.396343085,
    1.92510919,
    -1.80134391,
];
const DBIAS: [f64; 12] = [
    0.103241584,
    0.410814169,
    0.407490781,
    0.0957864944,
    0.229404185,
    0.449856738,
    0.32986668,
    -0.0397599046,
    0.335074794,
    0.448714944,
    0.222776571,
    -0.17175467,
];

#[test]
fn agrees_with_pytorch() {
    let x = values(24, |i| (0.7 * i).sin() + 0.1 * i);
    let dy = values(24, |i| (0.3 * i).cos());
    let mut passes = Passes::<LayerNorm, Image<U3, U2, U2>>::new(2);
    for i in 0..12 {
        passes.params.weight[i] = 1.0 + i as f64 / 10.0;
        passes.params.bias[i] = i as f64 / 20.0;
    }
    let (y, dx) = passes.train(&x, &dy, 2);
    assert_near("y", &y, &Y, 5e-9);
    assert_near("dx", &dx, &DX, 5e-9);
    assert_near("dweight", &passes.gradient.weight, &DWEIGHT, 5e-9);
    assert_near("dbias", &passes.gradient.bias, &DBIAS, 5e-9);
    assert_eq!(passes.forward(&x, Mode::Inference), y, "inference is the same function");
}

#[test]
fn starts_as_plain_normalisation() {
    // Mean 2, variance 8 / 3.
    let mut passes = Passes::<LayerNorm, Vector<U3>>::new(1);
    let y = passes.forward(&[0.0, 2.0, 4.0], Mode::Inference);
    let d = 2.0 / (8.0_f64 / 3.0 + 1e-5).sqrt();
    assert_near("y", &y, &[-d, 0.0, d], 1e-15);
}

#[test]
fn equal_values_give_the_bias_however_large() {
    // The sum of a hundred of these is rounded, and so is their mean, by 0.0002 and by 0.25: divided
    // by the deviation that this makes, 0.08 and 1.
    for x in [2074.5698, 2_103_809.8, -0.1] {
        let mut passes = Passes::<LayerNorm, Vector<U100>, f32>::new(1);
        passes.params.bias.fill(0.25);
        let dy: Vec<f32> = (0..100).map(|i| [1.0, -1.0][i % 2]).collect();
        let (y, dx) = passes.train(&[x; 100], &dy, 2);
        assert_eq!(y, [0.25; 100], "{x}");
        assert_eq!(passes.gradient.weight.as_slice(), [0.0; 100], "{x}");
        // The mean of dy is zero, and so is the variance: dy / sqrt(eps) is left.
        let expected = values(100, |i| [1.0, -1.0][i as usize % 2] / 1e-5_f64.sqrt());
        assert_near("dx", &dx, &expected, 1e-6);
    }
}

network! {
    /// Normalises in place what a layer before needs to see again, and the other way round.
    struct Sandwich: Vector<4> => Vector<3> {
        first: LayerNorm, fc1: Dense<6>, Relu, LayerNorm, Relu, fc2: Dense<3>, last: LayerNorm
    }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients(seed: u64, columns in 1..4_usize) {
        let check = GradCheck::new(seed).columns(columns);
        passes(check.layer::<LayerNorm, Vector<U5>>())?;
        passes(check.layer::<LayerNorm, Vector<U33>>())?;
        passes(check.layer::<LayerNorm, Image<U3, U2, U5>>())?;
        passes(check.layer::<LayerNorm, Image<U1, U3, U2>>())?;
        passes(check.network::<Sandwich>())?;
    }
}
