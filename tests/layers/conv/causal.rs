//! Convolutions over time that look back only.

use crate::harness::{assert_near, cases, numbers, passes, values};
use crate::recurrent::gradients;
use formwork::data::{Batch, Grid};
use formwork::gradcheck::GradCheck;
use formwork::layer::State;
use formwork::prelude::*;
use formwork::typenum::{U0, U1, U2, U3, U4, U5, U6};
use proptest::prelude::*;
use rand::SeedableRng;

network! {
    struct Echo: Vector<2> => Vector<3> { conv: CausalConv1d<3, 2, dilation = 2> }
}

#[test]
fn values_show_their_arithmetic() {
    let mut model = Model::<Echo, f64>::zeroed();
    // y[0, t] = 1 + 2 x[0, t] + 3 x[1, t - 2], y[1, t] = -x[0, t - 2], y[2, t] = 0.5
    model.conv.weight[0][0][1] = 2.0;
    model.conv.weight[0][1][0] = 3.0;
    model.conv.weight[1][0][0] = -1.0;
    model.conv.bias.copy_from_slice(&[1.0, 0.0, 0.5]);
    let x = values(8, |i| i + 1.0);
    let expected = [
        [1.0 + 2.0 * 1.0, 0.0, 0.5],
        [1.0 + 2.0 * 3.0, 0.0, 0.5],
        [1.0 + 2.0 * 5.0 + 3.0 * 2.0, -1.0, 0.5],
        [1.0 + 2.0 * 7.0 + 3.0 * 4.0, -3.0, 0.5],
    ];
    let mut inference = Inference::<Echo, f64>::with_lanes(4, 1);
    let y = inference.run(&model, &Batch::from_vec(x).unwrap());
    assert_near("y", y.as_slice(), expected.as_flattened(), 0.0);
}

network! {
    /// Filters of all kinds: few and many, in groups, and of one tap.
    struct Deep: Vector<3> => Vector<2> {
        widen: CausalConv1d<20, 1, bias = 0>,
        conv1: CausalConv1d<18, 3, dilation = 5, groups = 2>,
        Tanh,
        conv2: CausalConv1d<6, 4, dilation = 40>,
        Relu,
        Residual { conv3: CausalConv1d<6, 2, groups = 6> },
        out: CausalConv1d<2, 16>,
    }
}

/// All outputs for `steps` steps of `lanes` lanes, so many steps at a time.
fn outputs<T: formwork::kernel::Real + formwork::data::Number>(
    model: &Model<Deep, T>,
    x: &[T],
    lanes: usize,
    block: usize,
) -> Vec<T> {
    let mut inference = Inference::<Deep, T>::with_lanes(block * lanes, lanes);
    let blocks = x.chunks(3 * lanes * block);
    let run = |x: &[T]| {
        let batch = Batch::<Grid<3>, T>::from_vec(x.to_vec()).unwrap();
        inference.run(model, &batch).as_slice().to_vec()
    };
    blocks.flat_map(run).collect()
}

#[test]
fn the_split_into_blocks_does_not_show() {
    let model = Model::<Deep>::new(&mut Generator::seed_from_u64(1));
    for lanes in [1, 3] {
        let x = numbers::<f32>(3 * 700 * lanes, 2);
        let whole = outputs(&model, &x, lanes, 700);
        for block in [1, 7, 64, 65, 512] {
            assert!(outputs(&model, &x, lanes, block) == whole, "{lanes} lanes, blocks of {block}");
        }
    }
    let double = Model::<Deep, f64>::new(&mut Generator::seed_from_u64(1));
    let x = numbers::<f64>(3 * 300, 2);
    assert_eq!(outputs(&double, &x, 1, 7), outputs(&double, &x, 1, 300));
}

#[test]
fn lanes_are_sequences_of_their_own() {
    let model = Model::<Deep>::new(&mut Generator::seed_from_u64(1));
    let lanes: [Vec<f32>; 2] = [numbers(3 * 200, 3), numbers(3 * 200, 4)];
    let steps = lanes[0].chunks(3).zip(lanes[1].chunks(3));
    let both: Vec<f32> = steps.flat_map(|(a, b)| [a, b].concat()).collect();
    let y = outputs(&model, &both, 2, 50);
    for (lane, x) in lanes.iter().enumerate() {
        let own: Vec<f32> = y.chunks(4).flat_map(|step| step[2 * lane..][..2].to_vec()).collect();
        assert!(own == outputs(&model, x, 1, 50));
    }
}

network! {
    struct OverTime: Vector<4> => Vector<6> { conv: CausalConv1d<6, 3, dilation = 2, groups = 2> }
}

network! {
    struct OverImage: Image<4, 1, 13> => Image<6, 1, 9> { conv: Conv1d<6, 3, dilation = 2, groups = 2> }
}

/// As a convolution over an image that begins with the history, on the same weights.
#[test]
fn is_a_convolution_padded_on_the_left() {
    let model = Model::<OverTime, f64>::new(&mut Generator::seed_from_u64(5));
    let mut image = Model::<OverImage, f64>::zeroed();
    image.parameters_mut().copy_from_slice(model.parameters());
    let x = numbers::<f64>(4 * 9, 6);
    let y = Inference::<OverTime, f64>::with_lanes(9, 1)
        .run(&model, &Batch::from_vec(x.clone()).unwrap())
        .as_slice()
        .to_vec();
    // Channels outermost, after four steps of zeros.
    let padded = (0..4).flat_map(|c| (0..13).map(move |t| (c, t)));
    let padded = padded.map(|(c, t)| if t < 4 { 0.0 } else { x[4 * (t - 4) + c] }).collect();
    let mut inference = Inference::<OverImage, f64>::new(1);
    let of_image = inference.run(&image, &Batch::from_vec(padded).unwrap());
    let expected: Vec<f64> = (0..9)
        .flat_map(|t| (0..6).map(move |f| (f, t)))
        .map(|(f, t)| of_image[9 * f + t])
        .collect();
    assert_near("y", &y, &expected, 1e-14);
}

#[test]
fn gradients_agree_with_differences() {
    gradients::are_right::<CausalConv1d<U4, U3>, Vector<U2>>(1, 5, 2);
    // The calls are shorter than what is looked back on.
    gradients::are_right::<CausalConv1d<U2, U3, U4>, Vector<U3>>(2, 3, 2);
    gradients::are_right::<CausalConv1d<U6, U2, U1, U2, U0>, Vector<U4>>(3, 4, 1);
    gradients::are_right::<CausalConv1d<U5, U1>, Vector<U2>>(4, 3, 1);
}

network! {
    struct Rectified: Vector<2> => Vector<2> {
        conv1: CausalConv1d<5, 2>,
        Relu,
        conv2: CausalConv1d<2, 3, dilation = 2>,
    }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients_beside_a_rectifier(seed in any::<u64>()) {
        passes(GradCheck::new(seed).columns(8).lanes(2).network::<Rectified>())?;
    }
}

network! {
    struct Branches: Vector<1> => Vector<3> {
        Concat {
            { far: CausalConv1d<1, 4> },
            { near: CausalConv1d<2, 2>, Tanh, again: CausalConv1d<2, 2> },
        },
        fc: Dense<3>,
    }
}

network! {
    struct Endless: Vector<1> => Vector<1> { conv: CausalConv1d<4, 3>, gru: Gru<2>, fc: Dense<1> }
}

#[test]
fn receptive_fields_add_up() {
    assert_eq!(Branches::RECEPTIVE_FIELD, 4);
    assert_eq!(Endless::RECEPTIVE_FIELD, usize::MAX);
    assert_eq!(Echo::RECEPTIVE_FIELD, 3);
    assert_eq!(Deep::RECEPTIVE_FIELD, 1 + 2 * 5 + 3 * 40 + 1 + 15);
}

#[test]
fn a_state_is_saved_and_put_back() {
    let model = Model::<Deep>::new(&mut Generator::seed_from_u64(1));
    let x = numbers::<f32>(3 * 200, 7);
    let mut stream = Inference::<Deep>::new(1);
    let step = |stream: &mut Inference<Deep>, i: usize| {
        let batch = Batch::from_vec(x[3 * i..][..3].to_vec()).unwrap();
        stream.run(&model, &batch).as_slice().to_vec()
    };
    (0..100).for_each(|i| drop(step(&mut stream, i)));
    let mut saved = Vec::new();
    stream.state_mut().visit(&mut |part| saved.extend_from_slice(part));
    let ahead: Vec<_> = (100..150).map(|i| step(&mut stream, i)).collect();
    let mut rest = &saved[..];
    stream.state_mut().visit(&mut |part| {
        let (own, later) = rest.split_at(part.len());
        part.copy_from_slice(own);
        rest = later;
    });
    assert!(rest.is_empty());
    assert_eq!((100..150).map(|i| step(&mut stream, i)).collect::<Vec<_>>(), ahead);
    // After a reset it is as at the start.
    stream.reset();
    let first = step(&mut stream, 0);
    assert_eq!(first, step(&mut Inference::new(1), 0));
}
