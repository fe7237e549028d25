//! Networks that change the number of steps.

use crate::harness::numbers;
use formwork::data::{Batch, Grid, Values};
use formwork::gradcheck::GradCheck;
use formwork::net::Player;
use formwork::prelude::*;
use rand::SeedableRng;

network! {
    /// Down and up again, beside a way at the same rate.
    struct Around: Vector<2> => Vector<3> {
        Residual {
            down: CausalConv1d<6, 4, stride = 3>,
            Tanh,
            inner: Concat {
                { pool: MaxPoolSteps<2>, up: CausalConvTranspose1d<2, 3, stride = 2> },
                { lstm: Lstm<2> },
            },
            up: CausalConvTranspose1d<2, 4, stride = 3>,
        },
        more: CausalConvTranspose1d<3, 2, stride = 2>,
    }
}

network! {
    /// One answer for a sequence whose steps become fewer.
    struct Classifier: Vector<2> => Vector<3> {
        conv: CausalConv1d<4, 3, stride = 2>,
        Relu,
        pool: AvgPoolSteps<2>,
        gru: Gru<4>,
        Concat { { LastStep }, { MeanSteps } },
        fc: Dense<3>,
    }
}

network! {
    /// A sequence of fewer steps.
    struct Fewer: Vector<2> => Vector<2> {
        conv: CausalConv1d<4, 3, stride = 2>,
        both: Bidirectional { lstm: Lstm<2> },
        fc: Dense<2>,
    }
}

#[test]
fn facts_are_of_the_steps_that_go_in() {
    // Six at a time: 3 for the stride, 2 for the pool.
    assert_eq!(Around::RECEPTIVE_FIELD, usize::MAX);
    assert_eq!(
        <Classifier as formwork::layer::Layer<<Classifier as Network>::Input>>::STEPS.takes(),
        4
    );
    let conv = 2 * 2 * 4 * 3 / 2;
    assert!(Classifier::FLOP < conv + Classifier::PARAMETERS, "{}", Classifier::FLOP);
}

network! {
    /// Layers that look back at several rates.
    struct Reach: Vector<1> => Vector<1> {
        down: CausalConv1d<2, 5, stride = 2>,
        pool: AvgPoolSteps<2>,
        conv: CausalConv1d<2, 3>,
        up: CausalConvTranspose1d<1, 8, stride = 4>,
    }
}

/// The outputs that come with the last steps depend on the first step of the receptive field, and on none
/// before it.
#[test]
fn a_receptive_field_reaches_as_far_as_it_says() {
    const REACH: usize = Reach::RECEPTIVE_FIELD;
    assert_eq!(REACH, 1 + 4 + 2 + 2 * 4 + 4);
    let model = Model::<Reach, f64>::new(&mut Generator::seed_from_u64(1));
    let last = |x: &[f64]| {
        let mut inference = Inference::<Reach, f64>::with_lanes(40, 1);
        let y = inference.run(&model, &Batch::from_vec(x.to_vec()).unwrap());
        y.as_slice()[36..].to_vec()
    };
    let x = numbers::<f64>(40, 3);
    let moved = |at: usize| {
        let mut moved = x.clone();
        moved[at] += 1.0;
        last(&moved)
    };
    assert_ne!(moved(40 - REACH), last(&x));
    assert_eq!(moved(40 - REACH - 1), last(&x));
}

#[test]
fn gradients_agree_with_differences() {
    let passed = GradCheck::new(1).columns(24).lanes(2).network::<Around>().unwrap();
    assert_eq!(passed.checked, Around::PARAMETERS + 2 * 24);
    let passed = GradCheck::new(1).columns(12).lanes(2).carry_state().network::<Around>().unwrap();
    assert_eq!(passed.checked, Around::PARAMETERS + 2 * 12);
    GradCheck::new(7).columns(16).lanes(2).network::<Classifier>().unwrap();
    GradCheck::new(3).columns(8).lanes(2).network::<Fewer>().unwrap();
}

/// However the signal is split into multiples of six steps.
#[test]
fn a_player_takes_blocks() {
    let model = Model::<Around>::new(&mut Generator::seed_from_u64(1));
    for lanes in [1, 2] {
        let x = numbers::<f32>(2 * 120 * lanes, 2);
        let outputs = |block: usize, most: usize| {
            let mut player = Player::new(&model, most, lanes);
            player.warm_up();
            player.reset();
            let mut y = vec![0.0; 3 * 240 * lanes];
            let blocks = x.chunks(2 * block * lanes).zip(y.chunks_mut(6 * block * lanes));
            blocks.for_each(|(x, y)| player.process(x, y));
            y
        };
        let whole = outputs(120, 120);
        for (block, most) in [(6, 6), (6, 12), (12, 6), (60, 24)] {
            assert!(outputs(block, most) == whole, "blocks of {block}, {lanes} lanes");
        }
        let mut inference = Inference::<Around>::with_lanes(120 * lanes, lanes);
        let y = inference.run(&model, &Batch::from_vec(x.clone()).unwrap());
        let off = y.iter().zip(&whole).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(off < 1e-6, "off by {off:e}");
    }
}

network! {
    /// More steps than go in, one at a time.
    struct More: Vector<1> => Vector<2> { up: CausalConvTranspose1d<2, 3, stride = 2>, Tanh }
}

#[test]
fn a_stream_gives_several_steps_of_one() {
    let model = Model::<More>::new(&mut Generator::seed_from_u64(1));
    let x = numbers::<f32>(10, 2);
    let mut stream = Stream::new(&model, 1);
    let steps: Vec<f32> = x.iter().flat_map(|&x| stream.step(&[x]).as_slice().to_vec()).collect();
    let mut inference = Inference::<More>::with_lanes(10, 1);
    let whole = inference.run(&model, &Batch::from_vec(x).unwrap());
    assert_eq!(whole.shape(), (2, 20));
    assert_eq!(whole.as_slice(), steps);
}

/// Of sequences of different lengths side by side, each has the outputs that it has alone, also when it
/// goes on from where it ended.
#[test]
fn lanes_of_different_lengths_keep_their_ends() {
    let model = Model::<Classifier>::new(&mut Generator::seed_from_u64(1));
    let fewer = Model::<Fewer>::new(&mut Generator::seed_from_u64(1));
    let lanes: Vec<Vec<f32>> =
        [12, 4, 8].iter().zip(1..).map(|(&n, seed)| numbers(2 * n, seed)).collect();
    let together = Batch::<Grid<2>>::from_sequences(&lanes).unwrap();
    let answers = |batch: &Batch<Grid<2>>, lanes: usize| {
        let mut inference = Inference::<Classifier>::with_lanes(12 * lanes, lanes);
        inference.run(&model, batch);
        inference.run(&model, batch).as_slice().to_vec()
    };
    let steps = |batch: &Batch<Grid<2>>, lanes: usize| {
        let mut inference = Inference::<Fewer>::with_lanes(12 * lanes, lanes);
        inference.run(&fewer, batch);
        inference.run(&fewer, batch).as_slice().to_vec()
    };
    let (all, all_steps) = (answers(&together, 3), steps(&together, 3));
    for (lane, own) in lanes.iter().enumerate() {
        let alone = Batch::from_sequences([own]).unwrap();
        let off = |a: &[f32], b: &[f32]| {
            assert_eq!(a.len(), b.len());
            a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6)
        };
        assert!(off(&all[3 * lane..][..3], &answers(&alone, 1)));
        let of_lane: Vec<f32> =
            all_steps.chunks(6).flat_map(|step| &step[2 * lane..][..2]).copied().collect();
        let alone = steps(&alone, 1);
        assert!(off(&of_lane[..alone.len()], &alone));
    }
    // A loss leaves out what is beyond the ends.
    let mut fewer = Model::<Fewer>::new(&mut Generator::seed_from_u64(1));
    let mut workspace = Workspace::<Fewer>::with_lanes(36, 3, 1);
    let mut step = workspace.forward(&mut fewer, &together);
    let targets = Batch::<Values<2>>::from_vec(vec![0.0; step.outputs().len()]).unwrap();
    step.loss(&MeanSquaredError, &targets);
    let gradient = step.output_gradient_mut().as_slice().to_vec();
    let counts =
        |lane: usize| gradient.chunks(6).filter(|step| step[2 * lane..][..2] != [0.0; 2]).count();
    assert_eq!([0, 1, 2].map(counts), [6, 2, 4]);
}

#[test]
#[should_panic(expected = "9 steps, but 6 at a time go into this network")]
fn a_block_that_does_not_divide_is_refused() {
    let mut player = Player::new(Model::<Around>::zeroed(), 12, 1);
    player.process(&[0.0; 18], &mut [0.0; 54]);
}

#[test]
#[should_panic(expected = "5 steps, but 2 at a time go into this network")]
fn a_sequence_that_does_not_divide_is_refused() {
    let batch = Batch::<Grid<2>>::from_sequences([vec![0.0; 8], vec![0.0; 10]]).unwrap();
    Inference::<Fewer>::with_lanes(10, 2).run(&Model::zeroed(), &batch);
}
