//! WaveNets: gradients through time, values, and that the split into blocks does not show.

use crate::harness::{assert_near, numbers};
use formwork::data::{Batch, Grid};
use formwork::gradcheck::GradCheck;
use formwork::layer::{Plain, TensorVisitor};
use formwork::prelude::*;
use rand::SeedableRng;

network! {
    struct Small: Vector<2> => Vector<1> {
        input: WaveNetInput<3>,
        layer1: WaveNetLayer<3, 2> { Tanh },
        layer2: WaveNetLayer<3, 3, dilation = 2> { Softplus },
        rechannel: WaveNetRechannel<3, 2, bias = 1>,
        layer3: WaveNetLayer<2, 2, dilation = 5, gates = 2> { Sigmoid, less: CausalConv1d<2, 2> },
        skips: WaveNetSkips<2>,
        head: CausalConv1d<1, 2>,
    }
}

#[test]
fn gradients_agree_with_differences() {
    let check = GradCheck::new(1).columns(12).lanes(2);
    for check in [check, check.carry_state()] {
        let passed = check.network::<Small>().unwrap_or_else(|wrong| panic!("{wrong}"));
        assert_eq!(passed.checked, 12 * 2 + Small::PARAMETERS);
    }
}

network! {
    struct One: Vector<1> => Vector<2> {
        input: WaveNetInput<2>,
        layer: WaveNetLayer<2, 2> { Relu },
        again: WaveNetLayer<2, 1> { Relu },
        skips: WaveNetSkips<2>,
    }
}

#[test]
fn values_show_their_arithmetic() {
    let mut model = Model::<One, f64>::zeroed();
    // s = (x, -x)
    model.input.weight[0][0][0] = 1.0;
    model.input.weight[1][0][0] = -1.0;
    // a = (max(s_0' + 2 x + 1, 0), max(-s_1, 0)) with s_0' of the step before
    model.layer.conv.weight[0][0][0] = 1.0;
    model.layer.conv.weight[1][1][1] = -1.0;
    model.layer.conv.bias[0] = 1.0;
    model.layer.mix.weight[0][0][0] = 2.0;
    // s = (x + 3 a_1 + 4, -x)
    model.layer.out.weight[0][1][0] = 3.0;
    model.layer.out.bias[0] = 4.0;
    // a = (0, s_0)
    model.again.conv.weight[1][0][0] = 1.0;
    let x = vec![1.0, 2.0, -3.0];
    let mut inference = Inference::<One, f64>::with_lanes(3, 1);
    let y = inference.run(&model, &Batch::from_vec(x).unwrap());
    let expected = [
        [0.0 + 2.0 + 1.0, 1.0 + (1.0 + 3.0 * 1.0 + 4.0)],
        [1.0 + 4.0 + 1.0, 2.0 + (2.0 + 3.0 * 2.0 + 4.0)],
        [0.0, 0.0 + (-3.0 + 3.0 * 0.0 + 4.0)],
    ];
    assert_near("y", y.as_slice(), expected.as_flattened(), 0.0);
}

#[test]
fn the_split_into_blocks_does_not_show() {
    let model = Model::<Small>::new(&mut Generator::seed_from_u64(1));
    let x = numbers::<f32>(2 * 300, 2);
    let run = |block: usize| {
        let mut inference = Inference::<Small>::with_lanes(block, 1);
        let blocks = x.chunks(2 * block);
        let outputs = |x: &[f32]| {
            let batch = Batch::<Grid<2>>::from_vec(x.to_vec()).unwrap();
            inference.run(&model, &batch).as_slice().to_vec()
        };
        blocks.flat_map(outputs).collect::<Vec<_>>()
    };
    let whole = run(300);
    assert!([1, 7, 64].into_iter().all(|block| run(block) == whole));
}

#[test]
fn facts_and_names() {
    assert_eq!(Small::RECEPTIVE_FIELD, 1 + 1 + 2 * 2 + (5 + 1) + 1);
    let mut names = Vec::new();
    let mut each =
        |name: &str, _: &[usize], _: core::ops::Range<usize>| names.push(name.to_string());
    <Small as Plain<f32>>::tensors(&mut TensorVisitor::new(&mut each));
    for name in [
        "input.weight",
        "layer1.conv.bias",
        "layer1.mix.weight",
        "layer3.activation.less.bias",
        "rechannel.skips.bias",
        "rechannel.signal.weight",
        "head.weight",
    ] {
        assert!(names.iter().any(|found| found == name), "{name} in {names:?}");
    }
}
