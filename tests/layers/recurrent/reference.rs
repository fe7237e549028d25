//! Values, gradients and ten steps of training against PyTorch, in `f64`; see
//! `tests/reference/recurrent.py`.

use formwork::data::{Batch, Classes, Tokens};
use formwork::layer::{Backward, Context, Layer, Mode, State};
use formwork::layers::{Bidirectional, Gru, Lstm, RecurrentParams, Rnn};
use formwork::memory::Tape;
use formwork::network::Outputs;
use formwork::plain;
use formwork::prelude::*;
use formwork::shape::{Columns, ColumnsMut, Dimension};
use formwork::typenum::{U3, U4};
use rand::SeedableRng;

const LANES: usize = 2;
const STEPS: usize = 3;

/// The values that PyTorch gave under a name.
fn expected(name: &str) -> Vec<f64> {
    let line = include_str!("reference.txt")
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .unwrap_or_else(|| panic!("no {name} in the reference"));
    line.split(' ').map(|value| value.parse().unwrap()).collect()
}

#[track_caller]
fn assert_close(name: &str, found: &[f64]) {
    let expected = expected(name);
    assert_eq!(found.len(), expected.len(), "values of {name}");
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        let tolerance = 1e-9 * (1.0 + expected.abs());
        assert!(
            (found - expected).abs() < tolerance,
            "{name}[{i}]: expected {expected}, found {found}"
        );
    }
}

/// As `weights` of the script.
fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let next = |_| {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        state as f64 / f64::from(1_u32 << 31) - 0.5
    };
    (0..count).map(next).collect()
}

/// Parameters of a cell, to be set from PyTorch's.
trait Cell {
    const GATES: usize;
    fn weights(&mut self) -> [&mut [f64]; 2];
    fn biases(&mut self, ih: &[f64], hh: &[f64]);

    fn fill(&mut self, seed: u64) {
        for (i, weight) in self.weights().into_iter().enumerate() {
            weight.copy_from_slice(&numbers(weight.len(), seed + i as u64));
        }
        let bias = |seed| numbers(4 * Self::GATES, seed);
        self.biases(&bias(seed + 2), &bias(seed + 3));
    }
}

impl<H, G, A, In> Cell for RecurrentParams<H, G, A, In, f64>
where
    H: Dimension,
    G: Dimension,
    A: Dimension,
    In: Dimension,
{
    const GATES: usize = G::USIZE / H::USIZE;
    fn weights(&mut self) -> [&mut [f64]; 2] {
        [plain::as_mut_slice(&mut self.weight_ih), plain::as_mut_slice(&mut self.weight_hh)]
    }
    fn biases(&mut self, ih: &[f64], hh: &[f64]) {
        self.set_biases(ih, hh);
    }
}

/// Two calls with the state carried over, the second one backward: what `cell` of the script does.
/// Returns the parts of the last state, and the gradient by the parameters.
fn carried<L: Layer<Vector<U3>>>(name: &str) -> (Vec<Vec<f64>>, Box<L::Params<f64>>)
where
    L::Params<f64>: Cell,
{
    let (mut params, mut gradient) = (plain::zeroed::<f64, L::Params<f64>>(), plain::zeroed());
    params.fill(1);
    let columns = STEPS * LANES;
    let mut state = <L::State<f64> as State<f64>>::new(LANES);
    let mut tape = L::Tape::<f64>::new(columns, LANES, true);
    let x = numbers(2 * columns * 3, 99);
    let mut y = vec![0.0; columns * 4];
    let mut rng = Generator::seed_from_u64(0);
    let mut cx = Context::new(Mode::Training(&mut rng), LANES);
    let stats = plain::zeroed();
    for (call, x) in ["first", "second"].into_iter().zip(x.chunks(columns * 3)) {
        let (x, out) = (Columns::from_numbers(x), ColumnsMut::new(&mut y));
        L::forward(&params, &stats, &mut state, x, out, &mut tape, &mut cx);
        assert_close(&format!("{name}.{call}"), &y);
    }
    let (mut dx, mut dy) = (vec![0.0; columns * 3], numbers(columns * 4, 7));
    let pass = Backward {
        x: Columns::from_numbers(&x[columns * 3..]),
        y: Columns::from_numbers(&y),
        dy: ColumnsMut::new(&mut dy),
        dx: Some(ColumnsMut::new(&mut dx)),
    };
    L::backward(&params, &mut gradient, pass, &mut tape, &mut cx);
    assert_close(&format!("{name}.dx"), &dx);
    let [weight_ih, weight_hh] = gradient.weights();
    assert_close(&format!("{name}.dweight_ih"), weight_ih);
    assert_close(&format!("{name}.dweight_hh"), weight_hh);
    let mut parts = Vec::new();
    state.visit(&mut |part| parts.push(part.to_vec()));
    assert_eq!(parts[0], y[y.len() - LANES * 4..], "the hidden values are the last outputs");
    (parts, gradient)
}

#[test]
fn a_simple_recurrent_layer() {
    let (_, gradient) = carried::<Rnn<U4>>("rnn");
    assert_close("rnn.dbias_ih", &gradient.bias);
}

#[test]
fn a_long_short_term_memory() {
    let (state, gradient) = carried::<Lstm<U4>>("lstm");
    assert_close("lstm.c", &state[1]);
    assert_close("lstm.dbias_hh", &gradient.bias);
}

#[test]
fn a_gated_recurrent_unit() {
    let (_, gradient) = carried::<Gru<U4>>("gru");
    assert_close("gru.dbias_ih", &gradient.bias);
    let of_n = &expected("gru.dbias_hh")[8..];
    assert!(gradient.bias_hn.iter().zip(of_n).all(|(a, b)| (a - b).abs() < 1e-9));
}

#[test]
fn both_directions() {
    type Both = Bidirectional<Lstm<U4>>;
    type L = <Both as Layer<Vector<U3>>>::Params<f64>;
    let (mut params, mut gradient) = (plain::zeroed::<f64, L>(), plain::zeroed::<f64, L>());
    params.first.fill(1);
    params.rest.fill(5);
    let columns = STEPS * LANES;
    let mut tape = <Both as Layer<Vector<U3>>>::Tape::<f64>::new(columns, LANES, true);
    let x = numbers(columns * 3, 99);
    let (mut y, mut dx) = (vec![0.0; columns * 8], vec![0.0; columns * 3]);
    let mut rng = Generator::seed_from_u64(0);
    let mut cx = Context::new(Mode::Training(&mut rng), LANES);
    let (columns_x, out) = (Columns::from_numbers(&x), ColumnsMut::new(&mut y));
    let stats = plain::zeroed::<f64, formwork::plain::Pair<(), ()>>();
    Both::forward(&params, &stats, &mut (), columns_x, out, &mut tape, &mut cx);
    assert_close("bidirectional.y", &y);
    let mut dy = numbers(columns * 8, 7);
    let pass = Backward {
        x: Columns::<Vector<U3>, f64>::from_numbers(&x),
        y: Columns::from_numbers(&y),
        dy: ColumnsMut::new(&mut dy),
        dx: Some(ColumnsMut::new(&mut dx)),
    };
    Both::backward(&params, &mut gradient, pass, &mut tape, &mut cx);
    assert_close("bidirectional.dx", &dx);
    let reverse = plain::as_slice(&gradient.rest.weight_hh);
    assert_close("bidirectional.dweight_hh_reverse", reverse);
}

network! { struct WithRnn: Token<7> => Vector<7> { embed: Embedding<4>, cell: Rnn<4>, head: Dense<7> } }
network! { struct WithLstm: Token<7> => Vector<7> { embed: Embedding<4>, cell: Lstm<4>, head: Dense<7> } }
network! { struct WithGru: Token<7> => Vector<7> { embed: Embedding<4>, cell: Gru<4>, head: Dense<7> } }
network! {
    struct Tied: Token<7> => Vector<7> { embed: Embedding<4>, cell: Lstm<4>, head: Dense<7> tied to embed }
}

/// Ten steps of SGD with the state carried over: what `training` of the script does.
fn train<N>(name: &str, model: &mut Model<N, f64>)
where
    N: Network<Sample = Tokens<7>, Outputs = Outputs<7>>,
{
    let columns = STEPS * LANES;
    let mut workspace = Workspace::<N, f64>::with_lanes(columns, LANES, 0);
    let losses: Vec<f64> = (0..10)
        .map(|step| {
            let ids = (0..columns).map(|c| ((c * 5 + step * 3) % 7) as u32).collect();
            let targets = (0..columns).map(|c| ((c * 2 + step) % 7) as u32).collect();
            let x = Batch::<Tokens<7>, f64>::from_vec(ids).unwrap();
            let targets = Batch::<Classes<7>, f64>::from_vec(targets).unwrap();
            workspace.forward(model, &x);
            let loss = workspace.loss(&SoftmaxCrossEntropy::new(), &targets);
            let gradient = workspace.backward(model, &x);
            for (p, g) in model.parameters_mut().iter_mut().zip(gradient) {
                *p -= 0.5 * g;
            }
            loss
        })
        .collect();
    assert_close(&format!("{name}.losses"), &losses);
}

macro_rules! training {
    ($test:ident, $network:ident, $name:literal $(, $head:ident)?) => {
        #[test]
        fn $test() {
            let mut model = Model::<$network, f64>::zeroed();
            let mut seeds = 20..;
            let mut next = |p: &mut [f64]| {
                p.copy_from_slice(&numbers(p.len(), seeds.next().unwrap()));
            };
            next(plain::as_mut_slice(&mut model.embed.weight));
            for _ in 0..4 {
                next(&mut []);
            }
            $(next(plain::as_mut_slice(&mut model.$head.weight));)?
            next(&mut model.head.bias);
            model.cell.fill(21);
            train($name, &mut model);
            assert_close(concat!($name, ".embed"), plain::as_slice(&model.embed.weight));
            assert_close(concat!($name, ".weight_hh"), plain::as_slice(&model.cell.weight_hh));
            assert_close(concat!($name, ".head_bias"), &model.head.bias);
        }
    };
}

training!(ten_steps_with_a_simple_recurrent_layer, WithRnn, "rnn.model", head);
training!(ten_steps_with_a_long_short_term_memory, WithLstm, "lstm.model", head);
training!(ten_steps_with_a_gated_recurrent_unit, WithGru, "gru.model", head);
training!(ten_steps_of_a_tied_model, Tied, "tied.model");
