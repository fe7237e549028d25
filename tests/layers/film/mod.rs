//! Layers that a condition modulates.

use crate::harness::{assert_near, cases, numbers, passes};
use crate::over_time::agrees_with_pytorch;
use formwork::data::{Batch, Grid};
use formwork::gradcheck::GradCheck;
use formwork::layer::{Layer, Plain, TensorVisitor};
use formwork::prelude::*;
use formwork::typenum::{U2, U3, U5};
use proptest::prelude::*;
use rand::SeedableRng;

network! {
    struct Knob: Vector<2> => Vector<1> { film: Film<1> { Relu }, sound: FilmOutput<1> }
}

#[test]
fn values_show_their_arithmetic() {
    let mut model = Model::<Knob, f64>::zeroed();
    // gamma = 2 c + 1, beta = 10 c
    model.film.map.weight[0][0][0] = 2.0;
    model.film.map.weight[1][0][0] = 10.0;
    model.film.map.bias[0] = 1.0;
    let mut inference = Inference::<Knob, f64>::with_lanes(3, 1);
    let x = vec![3.0, 0.5, -1.0, 1.0, 2.0, 0.0];
    let y = inference.run(&model, &Batch::from_vec(x).unwrap());
    assert_near("y", y.as_slice(), &[2.0 * 3.0 + 5.0, 0.0 + 10.0, 2.0], 0.0);
}

/// At first it is about the layers without a condition.
#[test]
fn a_new_one_modulates_little() {
    let model = Model::<Knob, f64>::new(&mut Generator::seed_from_u64(1));
    assert_eq!(*model.film.map.bias, [1.0, 0.0]);
    let mut inference = Inference::<Knob, f64>::new(1);
    let y = inference.run(&model, &Batch::from_vec(vec![3.0, 0.0]).unwrap());
    assert_eq!(y.as_slice(), [3.0]);
}

type Filtered = Film<U3, CausalConv1d<U2, U2>>;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<Filtered, Vector<U5>>(
        4,
        &[
            6.53893563706,
            -1.67737286877,
            0.600101612004,
            1.11291180723,
            0.052736226107,
            -1.44248833884,
        ],
    );
}

network! {
    /// All kinds of layers inside, and one condition for all.
    struct Deep: Vector<4> => Vector<2> {
        first: Film<2> { conv: CausalConv1d<3, 2>, Tanh },
        second: Film<3> {
            Residual { down: CausalConv1d<4, 3, stride = 2>, up: CausalConvTranspose1d<3, 3, stride = 2> },
        },
        third: Film<3> { lstm: Lstm<2>, Elu },
        sound: FilmOutput<2>,
    }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients_agree_with_differences(seed in any::<u64>()) {
        let check = GradCheck::new(seed).columns(8).lanes(2);
        passes(check.layer::<Filtered, Vector<U5>>())?;
        passes(check.carry_state().network::<Deep>())?;
    }
}

network! {
    struct Effect: Vector<3> => Vector<1> {
        first: Film<1> { conv: CausalConv1d<8, 3> },
        second: Film<8> { Tanh, conv: CausalConv1d<8, 3, dilation = 4> },
        sound: FilmOutput<8>,
        out: CausalConv1d<1, 1>,
    }
}

#[test]
fn the_split_into_blocks_does_not_show() {
    let model = Model::<Effect>::new(&mut Generator::seed_from_u64(1));
    let x = numbers::<f32>(3 * 300, 2);
    let run = |block: usize| {
        let mut inference = Inference::<Effect>::with_lanes(block, 1);
        let outputs = |x: &[f32]| {
            let batch = Batch::<Grid<3>>::from_vec(x.to_vec()).unwrap();
            inference.run(&model, &batch).as_slice().to_vec()
        };
        x.chunks(3 * block).flat_map(outputs).collect::<Vec<_>>()
    };
    let whole = run(300);
    assert!([1, 7, 64].into_iter().all(|block| run(block) == whole));
    assert_eq!(Effect::RECEPTIVE_FIELD, 1 + 2 + 8);
}

#[test]
fn tensors_have_the_names_of_their_layers() {
    let mut names = Vec::new();
    let mut each =
        |name: &str, _: &[usize], _: core::ops::Range<usize>| names.push(name.to_string());
    <Knob as Plain<f32>>::tensors(&mut TensorVisitor::new(&mut each));
    assert_eq!(names, ["film.map.weight", "film.map.bias"]);
    let mut each =
        |name: &str, _: &[usize], _: core::ops::Range<usize>| names.push(name.to_string());
    <Effect as Plain<f32>>::tensors(&mut TensorVisitor::new(&mut each));
    assert!(names.contains(&"second.layers.conv.weight".to_string()), "{names:?}");
}

#[test]
#[should_panic(
    expected = "layer `film`: Film takes a signal, `Vector<2>`, and a condition beside it, but is given \
                `Vector<2>`: the condition is the channels after those of the signal"
)]
fn a_condition_that_is_not_given_is_refused() {
    <Film<U2, Relu> as Layer<Vector<U2>>>::CHECK.report("film");
}
