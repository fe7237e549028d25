//! Values, gradients and ten steps of training against PyTorch, in `f64`; see
//! `tests/reference/recurrent.py`.

use formwork::data::{Batch, Classes, Tokens};
use formwork::layer::{Backward, Context, Forward, Layer, Mode, State, Tape, as_mut_slice, zeroed};
use formwork::layers::RecurrentParams;
use formwork::nalgebra::Const;
use formwork::optim::Optimizer;
use formwork::prelude::*;
use formwork::shape::{Dimension, columns, columns_mut};
use formwork::typenum::U3;
use rand::SeedableRng;

pub const LANES: usize = 2;
pub const STEPS: usize = 3;

/// The values that PyTorch gave under a name.
pub fn expected(name: &str) -> Vec<f64> {
    let line = include_str!("reference.txt")
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .unwrap_or_else(|| panic!("no {name} in the reference"));
    line.split(' ').map(|value| value.parse().unwrap()).collect()
}

#[track_caller]
pub fn assert_close(name: &str, found: &[f64]) {
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
pub fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let next = |_| {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        state as f64 / f64::from(1_u32 << 31) - 0.5
    };
    (0..count).map(next).collect()
}

/// Parameters of a cell, to be set from PyTorch's.
pub trait Cell {
    fn weights(&mut self) -> [&mut [f64]; 2];
    fn biases(&mut self) -> [&mut [f64]; 2];

    fn fill(&mut self, seed: u64) {
        let mut seeds = seed..;
        let mut fill = |values: &mut [f64]| {
            values.copy_from_slice(&numbers(values.len(), seeds.next().unwrap()));
        };
        self.weights().into_iter().for_each(&mut fill);
        self.biases().into_iter().for_each(&mut fill);
    }
}

impl<H: Dimension, G: Dimension, In: Dimension> Cell for RecurrentParams<H, G, In, f64> {
    fn weights(&mut self) -> [&mut [f64]; 2] {
        [as_mut_slice(&mut self.weight_ih_l0), as_mut_slice(&mut self.weight_hh_l0)]
    }
    fn biases(&mut self) -> [&mut [f64]; 2] {
        [&mut self.bias_ih_l0, &mut self.bias_hh_l0]
    }
}

/// Two calls with the state carried over, the second one backward: what `cell` of the script does.
/// Returns the parts of the last state.
pub fn carried<L: Layer<Vector<U3>>>(name: &str) -> Vec<Vec<f64>>
where
    L::Params<f64>: Cell,
{
    let (mut params, mut gradient) = (zeroed::<f64, L::Params<f64>>(), zeroed::<f64, _>());
    params.fill(1);
    let n = STEPS * LANES;
    let mut state = <L::State<f64> as State<f64>>::new(LANES);
    let mut tape = L::Tape::<f64>::new(n, LANES, true);
    let (x, stats) = (numbers(2 * n * 3, 99), zeroed());
    let mut y = vec![0.0; n * L::Out::SIZE];
    let mut rng = Generator::seed_from_u64(0);
    let mut cx = Context::new(Mode::Training(&mut rng), LANES);
    for (call, x) in ["first", "second"].into_iter().zip(x.chunks(n * 3)) {
        L::forward(Forward {
            params: &params,
            stats: &stats,
            state: &mut state,
            tape: &mut tape,
            x: columns(x),
            ids: columns(&[]),
            y: columns_mut(&mut y),
            cx: cx.same(),
        });
        assert_close(&format!("{name}.{call}"), &y);
    }
    let (mut dx, mut dy) = (vec![0.0; n * 3], numbers(y.len(), 7));
    L::backward(Backward {
        params: &params,
        gradient: &mut gradient,
        tape: &mut tape,
        x: columns(&x[n * 3..]),
        ids: columns(&[]),
        y: columns(&y),
        dy: columns_mut(&mut dy),
        dx: Some(columns_mut(&mut dx)),
        cx: cx.same(),
    });
    assert_close(&format!("{name}.dx"), &dx);
    let [weight_ih, weight_hh] = gradient.weights();
    assert_close(&format!("{name}.dweight_ih"), weight_ih);
    assert_close(&format!("{name}.dweight_hh"), weight_hh);
    let [bias_ih, bias_hh] = gradient.biases();
    assert_close(&format!("{name}.dbias_ih"), bias_ih);
    assert_close(&format!("{name}.dbias_hh"), bias_hh);
    let mut parts = Vec::new();
    state.visit(&mut |part| parts.push(part.to_vec()));
    assert_eq!(parts[0], y[y.len() - LANES * 4..], "the hidden values are the last outputs");
    parts
}

/// Ten steps with the state carried over: what `training` of the script does.
pub fn train<N>(name: &str, model: &mut Model<N, f64>, mut optimizer: impl Optimizer<f64>)
where
    N: Network<Sample = Tokens<7>, Outputs = Const<7>>,
{
    let columns = STEPS * LANES;
    let mut workspace = Workspace::<N, f64>::with_lanes(columns, LANES, 0);
    let losses: Vec<f64> = (0..10)
        .map(|step| {
            let ids = (0..columns).map(|c| ((c * 5 + step * 3) % 7) as u32).collect();
            let targets = (0..columns).map(|c| ((c * 2 + step) % 7) as u32).collect();
            let x = Batch::<Tokens<7>, f64>::from_vec(ids).unwrap();
            let targets = Batch::<Classes<7>, f64>::from_vec(targets).unwrap();
            let mut step = workspace.forward(model, &x);
            let loss = step.loss(&SoftmaxCrossEntropy::new(), &targets);
            let gradient = step.backward();
            optimizer.step(model.parameters_mut(), gradient);
            loss
        })
        .collect();
    assert_close(&format!("{name}.losses"), &losses);
}

/// A test of ten steps of a network that ends in `head`.
macro_rules! training {
    ($test:ident, $network:ident, $name:literal, $optimizer:expr $(, $head:ident)?) => {
        #[test]
        fn $test() {
            use $crate::recurrent::reference::{Cell, assert_close, numbers, train};
            use formwork::layer::{as_mut_slice, as_slice};

            let mut model = Model::<$network, f64>::zeroed();
            let mut seeds = 20..;
            let mut next = |p: &mut [f64]| {
                p.copy_from_slice(&numbers(p.len(), seeds.next().unwrap()));
            };
            next(as_mut_slice(&mut model.embed.weight));
            for _ in 0..4 {
                next(&mut []);
            }
            $(next(as_mut_slice(&mut model.$head.weight));)?
            next(&mut model.head.bias);
            model.cell.fill(21);
            train($name, &mut model, $optimizer);
            assert_close(concat!($name, ".embed"), as_slice(&model.embed.weight));
            assert_close(concat!($name, ".weight_hh"), as_slice(&model.cell.weight_hh_l0));
            assert_close(concat!($name, ".bias_ih"), &model.cell.bias_ih_l0);
            assert_close(concat!($name, ".bias_hh"), &model.cell.bias_hh_l0);
            assert_close(concat!($name, ".head_bias"), &model.head.bias);
        }
    };
}
pub(super) use training;
