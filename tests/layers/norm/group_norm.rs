//! Group normalisation.

use crate::harness::{Passes, assert_near, cases, passes, values};
use formwork::gradcheck::GradCheck;
use formwork::layer::Mode;
use formwork::prelude::*;
use formwork::shape::Dimension;
use formwork::typenum::{U1, U2, U3, U4, U5, U6, U33, U150, U300};
use proptest::prelude::*;

// From `tests/reference/norm.py`.
const Y: [f64; 16] = [
    -1.20915088,
    1.15138792,
    1.31828859,
    1.42997356,
    0.973848949,
    -0.792555788,
    -1.09090887,
    -1.15963492,
    -1.42654245,
    -0.369543317,
    0.753858768,
    1.85243831,
    1.20819051,
    0.709730453,
    -0.572974954,
    -1.53172911,
];
const DX: [f64; 16] = [
    1.2428456,
    1.17018316,
    0.109380969,
    -0.112976986,
    -0.872003367,
    -1.54102539,
    0.259067871,
    -0.255471854,
    0.101459019,
    -0.209837651,
    -0.231487345,
    0.156110294,
    -0.000495227076,
    0.108873859,
    0.0260842867,
    0.0492927648,
];
const DWEIGHT: [f64; 4] = [-0.887800734, 0.811794367, 0.798909941, 0.100143427];
const DBIAS: [f64; 4] = [-0.271794377, -0.603930755, -0.882119798, -1.08151171];

#[test]
fn agrees_with_pytorch() {
    let x = values(16, |i| (0.7 * i).sin() + 0.1 * i);
    let dy = values(16, |i| (0.3 * i).cos());
    let mut passes = Passes::<GroupNorm<U2>, Image<U4, U1, U2>>::new(2);
    passes.params.weight.copy_from_slice(&[1.0, 1.1, 1.2, 1.3]);
    passes.params.bias.copy_from_slice(&[0.0, 0.05, 0.1, 0.15]);
    let (y, dx) = passes.train(&x, &dy, 2);
    assert_near("y", &y, &Y, 5e-9);
    assert_near("dx", &dx, &DX, 5e-9);
    assert_near("dweight", &passes.gradient.weight, &DWEIGHT, 5e-9);
    assert_near("dbias", &passes.gradient.bias, &DBIAS, 5e-9);
    assert_eq!(passes.forward(&x, Mode::Inference), y, "inference is the same function");
}

#[test]
fn groups_of_a_vector_know_nothing_of_each_other() {
    // Means 1 and 12, variances 1 and 4; what is not a number stays in its group.
    let mut passes = Passes::<GroupNorm<U2>, Vector<U4>>::new(2);
    let y = passes.forward(&[0.0, 2.0, 10.0, 14.0, f64::NAN, 2.0, 10.0, 14.0], Mode::Inference);
    let (first, second) = (1.0 / 1.00001_f64.sqrt(), 2.0 / 4.00001_f64.sqrt());
    assert_near("y", &y[..4], &[-first, first, -second, second], 1e-15);
    assert!(y[4].is_nan() && y[5].is_nan());
    assert_near("y", &y[6..], &[-second, second], 1e-15);
}

#[test]
fn one_group_is_layer_normalisation() {
    let x = values(60, |i| (0.7 * i).sin() + 0.1 * i);
    let dy = values(60, |i| (0.3 * i).cos());
    type Photo = Image<U3, U2, U5>;
    let (y, dx) = Passes::<LayerNorm, Photo>::new(2).train(&x, &dy, 2);
    let (found_y, found_dx) = Passes::<GroupNorm<U1>, Photo>::new(2).train(&x, &dy, 2);
    assert_near("y", &found_y, &y, 1e-14);
    assert_near("dx", &found_dx, &dx, 1e-14);
}

/// That groups of one value each, however large, come out as their bias.
fn leaves_the_bias<Groups: Dimension, In: Shape<Channels = U300>>() {
    let (group, size) = (300 / Groups::USIZE, In::SIZE);
    for large in [2074.5698_f32, 2_103_809.8, -0.1] {
        // A multiple by a power of two of the same digits in every other group.
        let value = |i: usize| large * [1.0, 4.0][i % 300 / group % 2];
        let x: Vec<f32> = (0..size).map(value).collect();
        let dy: Vec<f32> = (0..size).map(|i| [1.0, -1.0][i % 2]).collect();
        let mut passes = Passes::<GroupNorm<Groups>, In, f32>::new(1);
        passes.params.bias.fill(0.25);
        let (y, dx) = passes.train(&x, &dy, 2);
        assert_eq!(y, vec![0.25; size], "{large}");
        assert_eq!(passes.gradient.weight.as_slice(), [0.0; 300], "{large}");
        // The mean of dy is zero, and so is the variance: dy / sqrt(eps) is left.
        let expected = values(size, |i| [1.0, -1.0][i as usize % 2] / 1e-5_f64.sqrt());
        assert_near("dx", &dx, &expected, 1e-6);
    }
}

#[test]
fn equal_values_give_the_bias_however_large() {
    leaves_the_bias::<U1, Vector<U300>>();
    leaves_the_bias::<U3, Vector<U300>>();
    leaves_the_bias::<U1, Image<U300, U5, U33>>();
    leaves_the_bias::<U150, Image<U300, U5, U2>>();
}

network! {
    /// Between layers that need to see what went in and what came out.
    struct Sandwich: Image<4, 3, 3> => Vector<6> {
        conv: Conv2d<6, 2>, GroupNorm<3>, Relu, fc: Dense<6>, last: GroupNorm<2>
    }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients(seed: u64, columns in 1..4_usize) {
        let check = GradCheck::new(seed).columns(columns);
        passes(check.layer::<GroupNorm<U1>, Vector<U5>>())?;
        passes(check.layer::<GroupNorm<U3>, Vector<U33>>())?;
        passes(check.layer::<GroupNorm<U3>, Image<U6, U2, U5>>())?;
        passes(check.layer::<GroupNorm<U4>, Image<U4, U3, U2>>())?;
        passes(check.network::<Sandwich>())?;
    }
}
