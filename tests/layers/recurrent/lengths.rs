//! Lanes of different lengths: against PyTorch's packed sequences, and each lane alone.

use super::reference::{Cell, LANES, STEPS, assert_close, numbers};
use formwork::data::{Batch, Classes, Grid, Tokens, Values};
use formwork::gradcheck::GradCheck;
use formwork::layer::{
    Backward, Context, Forward, Layer, Mode, Scratch, State, Tape, as_slice, zeroed,
};
use formwork::loss::MeanSquaredError;
use formwork::prelude::*;
use formwork::shape::{columns, columns_mut};
use formwork::typenum::{U3, U4};
use rand::{RngExt, SeedableRng};

/// Of the two lanes of the script `tests/reference/recurrent.py`.
const LENGTHS: [usize; 2] = [3, 2];

/// What a layer makes of the lanes: outputs, the gradients by the input and by the parameters, and the
/// parts of the state.
type Outcome<P> = (Vec<f64>, Vec<f64>, Box<P>, Vec<f64>);

fn packed<L: Layer<Vector<U3>>>(fill: impl Fn(&mut L::Params<f64>)) -> Outcome<L::Params<f64>> {
    let (mut params, mut gradient) = (zeroed::<f64, L::Params<f64>>(), zeroed());
    fill(&mut params);
    let n = STEPS * LANES;
    let mut tape = L::Tape::<f64>::new(n, LANES, true);
    let mut scratch = Scratch::of::<L::Tape<f64>, f64>(n, true);
    let mut state = <L::State<f64> as State<f64>>::new(LANES);
    let (x, stats) = (numbers(n * 3, 99), zeroed());
    let (mut y, mut dx) = (vec![f64::NAN; n * L::Out::SIZE], vec![f64::NAN; n * 3]);
    let mut dy = numbers(y.len(), 7);
    let mut rng = Generator::seed_from_u64(0);
    let cx = Context::new(Mode::Training(&mut rng), LANES);
    let mut cx = Context { lengths: &LENGTHS, scratch: &mut scratch, ..cx };
    L::forward(Forward {
        params: &params,
        stats: &stats,
        state: &mut state,
        tape: &mut tape,
        x: columns(&x),
        ids: columns(&[]),
        y: columns_mut(&mut y),
        cx: cx.same(),
    });
    L::backward(Backward {
        params: &params,
        gradient: &mut gradient,
        tape: &mut tape,
        x: columns(&x),
        ids: columns(&[]),
        y: columns(&y),
        dy: columns_mut(&mut dy),
        dx: Some(columns_mut(&mut dx)),
        cx: cx.same(),
    });
    let mut parts = Vec::new();
    state.visit(&mut |part| parts.extend_from_slice(part));
    (y, dx, gradient, parts)
}

macro_rules! as_in_pytorch {
    ($test:ident, $layer:ident, $name:literal) => {
        #[test]
        fn $test() {
            let (y, dx, gradient, state) = packed::<$layer<U4>>(|params| params.fill(1));
            assert_close(concat!($name, ".y"), &y);
            assert_close(concat!($name, ".dx"), &dx);
            assert_close(concat!($name, ".dweight_hh"), as_slice(&gradient.weight_hh_l0));
            assert_close(concat!($name, ".state"), &state);
        }
    };
}
as_in_pytorch!(an_rnn_as_in_pytorch, Rnn, "packed.rnn");
as_in_pytorch!(an_lstm_as_in_pytorch, Lstm, "packed.lstm");
as_in_pytorch!(a_gru_as_in_pytorch, Gru, "packed.gru");

#[test]
fn both_directions_as_in_pytorch() {
    let (y, dx, gradient, _) = packed::<Bidirectional<Lstm<U4>>>(|params| {
        params.forward.fill(1);
        params.reverse.fill(5);
    });
    assert_close("packed.both.y", &y);
    assert_close("packed.both.dx", &dx);
    assert_close("packed.both.dweight_hh", as_slice(&gradient.forward.weight_hh_l0));
    assert_close("packed.both.dweight_hh_reverse", as_slice(&gradient.reverse.weight_hh_l0));
}

network! {
    struct Last: Token<9> => Vector<3> {
        embed: Embedding<4>(Init::Normal(1.0)),
        lstm: Lstm<5>,
        both: Bidirectional { fc: Dense<4>, gru: Gru<3> },
        Residual { rnn: Rnn<6> },
        LastStep,
        fc: Dense<3>,
    }
}
network! {
    struct Mean: Token<9> => Vector<3> {
        embed: Embedding<4>(Init::Normal(1.0)),
        // A row of weights and sums of its own for each branch.
        Concat { { gru: Gru<3>, MeanSteps }, { lstm: Lstm<2>, LastStep } },
        // One step of each lane is left, of which this is the mean.
        MeanSteps,
        again: Bidirectional { rnn: Rnn<3> },
        fc: Dense<3>,
    }
}
network! {
    struct Each: Token<9> => Vector<3> {
        embed: Embedding<4>(Init::Normal(1.0)), Bidirectional { lstm: Lstm<3> }, fc: Dense<3>,
    }
}

fn sequences(rng: &mut Generator) -> Vec<Vec<u32>> {
    let lengths = [3, 7, 1, 4, 7, 2];
    lengths.map(|n| (0..n).map(|_| rng.random_range(0..9)).collect()).to_vec()
}

/// Outputs of each lane and the gradient by the parameters, of the mean over the lanes.
fn of_lanes<N>(model: &mut Model<N, f64>, lanes: &[Vec<u32>], t: &[u32]) -> (Vec<f64>, Vec<f64>)
where
    N: Network<Sample = Tokens<9>, Outputs = nalgebra::Const<3>>,
{
    let batch = Batch::<Tokens<9>, f64>::from_sequences(lanes).unwrap();
    let mut workspace = Workspace::<N, f64>::with_lanes(7 * 6, 6, 0);
    let targets = Batch::<Classes<3>, f64>::from_vec(t.to_vec()).unwrap();
    let mut step = workspace.forward(model, &batch);
    let outputs = step.outputs().as_slice().to_vec();
    step.loss(&SoftmaxCrossEntropy::new(), &targets);
    (outputs, step.backward().to_vec())
}

fn each_lane_is_as_if_alone<N>()
where
    N: Network<Sample = Tokens<9>, Outputs = nalgebra::Const<3>>,
{
    let mut rng = Generator::seed_from_u64(1);
    let model = &mut Model::<N, f64>::new(&mut rng);
    let lanes = sequences(&mut rng);
    let t = [0, 1, 2, 0, 1, 2];
    let (outputs, gradient) = of_lanes(model, &lanes, &t);
    let mut sum = vec![0.0; gradient.len()];
    for (lane, sequence) in lanes.iter().enumerate() {
        let (alone, of_lane) = of_lanes(model, std::slice::from_ref(sequence), &t[lane..=lane]);
        // Products of a few columns are summed in another order than those of one.
        let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-14;
        assert!(alone.iter().zip(&outputs[3 * lane..]).all(near), "lane {lane}");
        sum.iter_mut().zip(of_lane).for_each(|(sum, g)| *sum += g / 6.0);
        // The same without a word about lengths.
        let plain = Batch::<Tokens<9>, f64>::from_vec(sequence.clone()).unwrap();
        let mut inference = Inference::<N, f64>::with_lanes(7, 1);
        assert!(inference.run(model, &plain).iter().zip(&alone).all(near), "lane {lane}");
    }
    for (i, (found, expected)) in gradient.iter().zip(sum).enumerate() {
        assert!((found - expected).abs() < 1e-14, "parameter {i}: {expected}, found {found}");
    }
    // To a bit it matters neither what the other lanes hold nor where they end.
    let mut others = lanes.clone();
    others[0] = vec![8; 6];
    others[2] = vec![1, 2, 3];
    others[5] = vec![5];
    let (found, _) = of_lanes(model, &others, &t);
    for lane in [1, 3, 4] {
        assert_eq!(found[3 * lane..][..3], outputs[3 * lane..][..3], "lane {lane}");
    }
    let batch = Batch::from_sequences(&lanes).unwrap();
    let targets = Batch::from_vec(t.to_vec()).unwrap();
    GradCheck::new(3).loss(&SoftmaxCrossEntropy::new(), model, &batch, &targets).unwrap();
}

#[test]
fn the_last_steps() {
    each_lane_is_as_if_alone::<Last>();
}

#[test]
fn the_means_of_steps() {
    each_lane_is_as_if_alone::<Mean>();
}

/// What stands beyond the ends does not matter, in whatever loss.
#[test]
fn the_loss_of_each_step() {
    let mut rng = Generator::seed_from_u64(2);
    let model = &mut Model::<Each, f64>::new(&mut rng);
    let lanes = sequences(&mut rng);
    let steps: usize = lanes.iter().map(Vec::len).sum();
    let answers: Vec<Vec<u32>> =
        lanes.iter().map(|lane| lane.iter().map(|id| id % 3).collect()).collect();
    let values: Vec<Vec<f64>> = lanes
        .iter()
        .map(|lane| lane.iter().flat_map(|&id| [f64::from(id), 0.5, 1.0]).collect())
        .collect();

    let ignoring = Batch::<Classes<3>, f64>::from_sequences(&answers).unwrap();
    let full = ignoring.data().iter().map(|id| if *id < 3 { *id } else { 1 }).collect();
    let full = Batch::<Classes<3>, f64>::from_vec(full).unwrap();
    let numbers = Batch::<Values<3>, f64>::from_sequences(&values).unwrap();
    let batch = Batch::<Tokens<9>, f64>::from_sequences(&lanes).unwrap();
    let mut workspace = Workspace::<Each, f64>::with_lanes(7 * 6, 6, 0);
    let mut of = |targets: &Batch<Classes<3>, f64>| {
        workspace.reset();
        let mut step = workspace.forward(model, &batch);
        let loss = step.loss(&SoftmaxCrossEntropy::new(), targets);
        (loss, step.backward().to_vec())
    };
    let (expected, found) = (of(&ignoring), of(&full));
    assert!((expected.0 - found.0).abs() < 1e-14);
    assert!(expected.1.iter().zip(&found.1).all(|(e, f)| (e - f).abs() < 1e-14));

    workspace.reset();
    let mut step = workspace.forward(model, &batch);
    let found = step.loss(&MeanSquaredError, &numbers);
    let gradient = step.backward().to_vec();
    let (mut expected, mut sum) = (0.0, vec![0.0; gradient.len()]);
    for (lane, values) in lanes.iter().zip(&values) {
        let share = lane.len() as f64 / steps as f64;
        let batch = Batch::from_sequences([lane]).unwrap();
        workspace.reset();
        let mut step = workspace.forward(model, &batch);
        expected += share * step.loss(&MeanSquaredError, &Batch::from_vec(values.clone()).unwrap());
        sum.iter_mut().zip(step.backward()).for_each(|(sum, g)| *sum += share * *g);
    }
    assert!((found - expected).abs() < 1e-13, "{found}, expected {expected}");
    assert!(gradient.iter().zip(sum).all(|(g, e)| (g - e).abs() < 1e-13));
}

network! { struct Bare: Vector<2> => Vector<4> { Bidirectional { Relu } } }
network! { struct Carried: Vector<2> => Vector<3> { lstm: Lstm<3> } }
network! {
    struct Filtered: Vector<2> => Vector<3> {
        conv1: CausalConv1d<4, 3, dilation = 2>, Tanh, conv2: CausalConv1d<3, 4>,
    }
}
network! {
    struct Waves: Vector<2> => Vector<3> {
        begin: WaveNetInput<4>,
        layer1: WaveNetLayer<4, 3, dilation = 5> { Tanh },
        layer2: WaveNetLayer<4, 2, gates = 2> { Gated },
        skips: WaveNetSkips<4>,
        head: CausalConv1d<3, 2>,
    }
}

/// Two batches, the second going on where each lane has ended.
fn state_is_that_at_the_end_of_each_lane<N>()
where
    N: Network<Sample = Grid<2>, Outputs = nalgebra::Const<3>>,
{
    let mut rng = Generator::seed_from_u64(3);
    let model = &mut Model::<N>::new(&mut rng);
    // Of more steps than are filtered at once, and of less than are looked back on.
    let lanes = [150, 2, 71, 1, 149, 64]
        .map(|steps| (0..2 * steps).map(|_| rng.random_range(-1.0..1.0)).collect::<Vec<f32>>());
    let first = Batch::<Grid<2>>::from_sequences(&lanes).unwrap();
    let second = Batch::<Grid<2>>::from_rows([[0.9, 1.0]; 6]).unwrap();
    let mut inference = Inference::<N>::with_lanes(150 * 6, 6);
    inference.run(model, &first);
    let mut workspace = Workspace::<N>::with_lanes(150 * 6, 6, 0);
    let _ = workspace.forward(model, &first);
    let found = [
        inference.run(model, &second).into_owned(),
        workspace.forward(model, &second).outputs().into_owned(),
    ];
    let mut alone = Inference::<N>::with_lanes(1, 1);
    for (lane, steps) in lanes.iter().enumerate() {
        alone.reset();
        for step in steps.chunks(2) {
            alone.run(model, &Batch::from_vec(step.to_vec()).unwrap());
        }
        let y = alone.run(model, &Batch::from_rows([second.column(lane)]).unwrap());
        for found in &found {
            assert!((y - found.column(lane)).amax() < 1e-6, "lane {lane}");
        }
    }
}

#[test]
fn recurrent_state_is_that_at_the_end_of_each_lane() {
    state_is_that_at_the_end_of_each_lane::<Carried>();
}

#[test]
fn history_is_that_at_the_end_of_each_lane() {
    state_is_that_at_the_end_of_each_lane::<Filtered>();
    state_is_that_at_the_end_of_each_lane::<Waves>();
}

#[test]
fn nothing_is_to_be_seen_beyond_the_end() {
    let model = Model::<Carried>::new(&mut Generator::seed_from_u64(3));
    let mut inference = Inference::<Carried>::with_lanes(6, 2);
    let (long, short) = ([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0.7, 0.8]);
    let batch = Batch::<Grid<2>>::from_sequences([&long[..], &short]).unwrap();
    let y = inference.run(&model, &batch);
    assert!(y.column(3).iter().chain(&y.column(5)).all(|&y| y == 0.0), "beyond the end: {y}");
}

network! {
    struct Normed: Image<2, 1, 3> => Vector<2> {
        conv: Conv2d<3, 1>, norm: BatchNorm, Tanh, fc: Dense<2>,
    }
}

/// Statistics, loss and gradient are those of the steps that there are, whatever follows them.
#[test]
fn batch_normalisation_counts_the_steps_that_there_are() {
    let mut rng = Generator::seed_from_u64(4);
    let model = Model::<Normed, f64>::new(&mut rng);
    let mut draw = |n| (0..n).map(|_| rng.random_range(-1.0..1.0)).collect::<Vec<f64>>();
    let lengths = [3, 1, 4, 2];
    let (x, t) = (lengths.map(|n| draw(6 * n)), lengths.map(|n| draw(2 * n)));
    let of = |x: &Batch<Grid<2, 1, 3>, f64>, t: &Batch<Values<2>, f64>, lanes| {
        let mut model = model.clone();
        let mut workspace = Workspace::<Normed, f64>::with_lanes(16, lanes, 0);
        let mut step = workspace.forward(&mut model, x);
        let loss = step.loss(&MeanSquaredError, t);
        let gradient = step.backward().to_vec();
        let stats = model.statistics().to_vec();
        [vec![loss], gradient, stats].concat()
    };
    let plain = of(&Batch::from_vec(x.concat()).unwrap(), &Batch::from_vec(t.concat()).unwrap(), 1);
    let lanes = of(&Batch::from_sequences(&x).unwrap(), &Batch::from_sequences(&t).unwrap(), 4);
    for (i, (expected, found)) in plain.iter().zip(&lanes).enumerate() {
        assert!((expected - found).abs() < 1e-14, "{i}: {found}, expected {expected}");
    }
}

/// Zero beyond the end, also of a stack that is not recurrent.
#[test]
fn a_stack_in_both_directions_gives_zeros_beyond_the_end() {
    let batch = Batch::<Grid<2>>::from_sequences([&[1.0, 2.0][..], &[3.0, 4.0, 5.0, 6.0]]).unwrap();
    let mut inference = Inference::<Bare>::with_lanes(4, 2);
    let y = inference.run(&Model::zeroed(), &batch).as_slice().to_vec();
    let expected = [[1.0, 2.0, 1.0, 2.0], [3.0, 4.0, 3.0, 4.0], [0.0; 4], [5.0, 6.0, 5.0, 6.0]];
    assert_eq!(y, expected.as_flattened());
}

#[test]
#[should_panic(expected = "a batch of 3 lanes, but there is room for 2")]
fn more_lanes_than_there_is_room_for() {
    let batch = Batch::<Grid<2>>::from_sequences([[1.0, 2.0]; 3]).unwrap();
    Inference::<Carried>::with_lanes(6, 2).run(&Model::zeroed(), &batch);
}
