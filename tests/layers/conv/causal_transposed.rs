//! Transposed convolutions over time.

use crate::harness::{assert_near, numbers, values};
use crate::over_time::agrees_with_pytorch;
use crate::recurrent::gradients;
use formwork::data::{Batch, Grid};
use formwork::prelude::*;
use formwork::typenum::{U0, U1, U2, U3, U4, U5, U7};
use rand::SeedableRng;

network! {
    struct Up: Vector<1> => Vector<1> { up: CausalConvTranspose1d<1, 3, stride = 2> }
}

#[test]
fn values_show_their_arithmetic() {
    let mut model = Model::<Up, f64>::zeroed();
    // Each step is spread over three: 1, 10 and 100 times; every second one meets the next step's first.
    model.up.weight[0][0].copy_from_slice(&[1.0, 10.0, 100.0]);
    model.up.bias[0] = 0.5;
    let mut inference = Inference::<Up, f64>::with_lanes(3, 1);
    let y = inference.run(&model, &Batch::from_vec(values(3, |i| i + 1.0)).unwrap());
    assert_near("y", y.as_slice(), &[1.5, 10.5, 102.5, 20.5, 203.5, 30.5], 0.0);
    // What is due comes with the next call.
    let y = inference.run(&model, &Batch::from_vec(vec![0.0, 0.0]).unwrap());
    assert_near("y", y.as_slice(), &[300.5, 0.5, 0.5, 0.5], 0.0);
}

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<CausalConvTranspose1d<U4, U5, U2>, Vector<U3>>(
        5,
        &[-9.67923868489, 0.962139786455, 3.52719925823, -0.521375473423],
    );
    agrees_with_pytorch::<CausalConvTranspose1d<U4, U7, U2>, Vector<U3>>(
        5,
        &[-10.9127000284, -7.86471575821, -0.937947873492, -0.521375473423],
    );
    agrees_with_pytorch::<CausalConvTranspose1d<U4, U2, U3>, Vector<U3>>(
        5,
        &[12.2185591608, -2.79348643718, 0.242081207558, -0.86966092548],
    );
}

#[test]
fn gradients_agree_with_differences() {
    gradients::are_right::<CausalConvTranspose1d<U4, U5, U2>, Vector<U3>>(1, 3, 2);
    gradients::are_right::<CausalConvTranspose1d<U1, U7, U2, U0>, Vector<U2>>(2, 2, 3);
    gradients::are_right::<CausalConvTranspose1d<U3, U2, U3>, Vector<U2>>(3, 4, 1);
    gradients::are_right::<CausalConvTranspose1d<U2, U3>, Vector<U2>>(4, 4, 2);
}

network! {
    struct Wide: Vector<3> => Vector<5> {
        up1: CausalConvTranspose1d<4, 9, stride = 3>,
        Tanh,
        up2: CausalConvTranspose1d<5, 4, stride = 2>,
    }
}

#[test]
fn the_split_into_blocks_does_not_show() {
    let model = Model::<Wide>::new(&mut Generator::seed_from_u64(1));
    for lanes in [1, 3] {
        let x = numbers::<f32>(3 * 200 * lanes, 2);
        let outputs = |block: usize| -> Vec<f32> {
            let mut inference = Inference::<Wide>::with_lanes(block * lanes, lanes);
            let run = |x: &[f32]| {
                let batch = Batch::<Grid<3>>::from_vec(x.to_vec()).unwrap();
                inference.run(&model, &batch).as_slice().to_vec()
            };
            x.chunks(3 * lanes * block).flat_map(run).collect()
        };
        let whole = outputs(200);
        assert_eq!(whole.len(), 5 * 6 * 200 * lanes);
        for block in [1, 7, 64, 65] {
            assert!(outputs(block) == whole, "{lanes} lanes, blocks of {block}");
        }
    }
}

#[test]
fn lanes_are_sequences_of_their_own() {
    let model = Model::<Wide>::new(&mut Generator::seed_from_u64(1));
    let lanes: [Vec<f32>; 2] = [numbers(3 * 20, 3), numbers(3 * 20, 4)];
    let steps = lanes[0].chunks(3).zip(lanes[1].chunks(3));
    let both: Vec<f32> = steps.flat_map(|(a, b)| [a, b].concat()).collect();
    let run = |x: &[f32], lanes: usize| {
        let mut inference = Inference::<Wide>::with_lanes(20 * lanes, lanes);
        inference.run(&model, &Batch::from_vec(x.to_vec()).unwrap()).as_slice().to_vec()
    };
    let y = run(&both, 2);
    for (lane, x) in lanes.iter().enumerate() {
        let own: Vec<f32> = y.chunks(10).flat_map(|step| step[5 * lane..][..5].to_vec()).collect();
        assert!(own == run(x, 1));
    }
}
