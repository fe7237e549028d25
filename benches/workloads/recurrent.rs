//! w5 and w5b: language models. w7c and w7d: single steps of recurrent networks.

use crate::workload::{Watch, Workload};
use formwork::data::{Batch, Classes, Tokens};
use formwork::optim::{Optimizer, Sgd, clip};
use formwork::prelude::*;
use nalgebra::Const;
use rand::{RngExt, SeedableRng};

const VOCABULARY: usize = 10_000;
const LANES: usize = 20;
const STEPS: usize = 35;
/// How many batches take turns.
const RING: usize = 8;

network! {
    /// Two LSTMs, with dropout, and the output tied to the embedding.
    pub struct Better: Token<VOCABULARY> => Vector<VOCABULARY> {
        embed: Embedding<650>,
        Dropout(0.5),
        lstm1: Lstm<650>,
        Dropout(0.5),
        lstm2: Lstm<650>,
        Dropout(0.5),
        head: Dense<VOCABULARY> tied to embed,
    }
}

network! {
    /// One small LSTM.
    pub struct Small: Token<VOCABULARY> => Vector<VOCABULARY> {
        embed: Embedding<100>,
        lstm: Lstm<100>,
        head: Dense<VOCABULARY>,
    }
}

network! {
    /// An LSTM as an audio effect.
    pub struct LstmEffect: Vector<1> => Vector<1> { lstm: Lstm<20>, fc: Dense<1> }
}

network! {
    /// A GRU as an audio effect.
    pub struct GruEffect: Vector<1> => Vector<1> { gru: Gru<8>, fc: Dense<1> }
}

/// 650 units, 20 lanes x 35 steps, SGD clipped to a norm of 0.25.
pub fn w5() -> Workload {
    train::<Better>()
}

/// As w5 with 100 units, one layer and no dropout.
pub fn w5b() -> Workload {
    train::<Small>()
}

/// One step of an LSTM with 20 units on one input, and a dense output.
pub fn w7c() -> Workload {
    step::<LstmEffect>()
}

/// One step of a GRU with 8 units on one input, and a dense output.
pub fn w7d() -> Workload {
    step::<GruEffect>()
}

fn train<N>() -> Workload
where
    N: Network<Sample = Tokens<VOCABULARY>, Outputs = Const<VOCABULARY>>,
{
    let mut rng = Generator::seed_from_u64(0);
    let columns = LANES * STEPS;
    let batches: Vec<_> = (0..RING)
        .map(|_| {
            let mut ids = || (0..columns).map(|_| rng.random_range(0..VOCABULARY as u32)).collect();
            let x = Batch::<Tokens<VOCABULARY>>::from_vec(ids()).expect("ids of the vocabulary");
            let t = Batch::<Classes<VOCABULARY>>::from_vec(ids()).expect("ids of the vocabulary");
            (x, t)
        })
        .collect();
    let mut model = Model::<N>::new(&mut rng);
    let mut workspace = Workspace::<N>::with_lanes(columns, LANES, 1);
    let mut sgd = Sgd::new(20.0);
    let mut turn = 0;
    let step = move |watch: &mut dyn Watch| {
        let (x, t) = &batches[turn];
        turn = (turn + 1) % RING;
        if turn == 0 {
            workspace.reset();
        }
        let mut step = workspace.forward(&mut model, x);
        watch.ends("forward");
        step.loss(&SoftmaxCrossEntropy::default(), t);
        watch.ends("loss");
        let gradient = step.backward();
        watch.ends("backward");
        let norm = clip::norm(gradient).expect("a finite gradient");
        watch.ends("clipping");
        sgd.step_scaled(model.parameters_mut(), gradient, clip::factor(norm, 0.25));
        watch.ends("optimiser");
        watch.parameters(model.parameters());
    };
    // Forward, and backward by the weights and by the input.
    Workload { step: Box::new(step), samples: columns, flop: columns * 3 * N::FLOP }
}

fn step<N: Network<Input = Vector<formwork::typenum::U1>>>() -> Workload {
    let mut rng = Generator::seed_from_u64(0);
    let model: &'static Model<N> = Box::leak(Box::new(Model::new(&mut rng)));
    let mut stream = Stream::new(model, 1);
    let samples: Vec<f32> = (0..48_000).map(|_| rng.random_range(-0.5..0.5)).collect();
    let mut at = 0;
    let step = move |_: &mut dyn Watch| {
        std::hint::black_box(stream.step(&samples[at..=at]));
        at = (at + 1) % samples.len();
    };
    Workload { step: Box::new(step), samples: 1, flop: N::FLOP }
}
