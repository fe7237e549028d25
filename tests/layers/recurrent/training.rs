//! What recurrent networks learn, and training that is interrupted.

use formwork::data::{Batch, Classes, Sequences, Tokens};
use formwork::layer::State;
use formwork::nalgebra::Const;
use formwork::optim::{Adam, Optimizer, Sgd};
use formwork::prelude::*;
use rand::{RngExt, SeedableRng};
use std::ops::Range;

network! {
    struct WithRnn: Token<2> => Vector<2> {
        embed: Embedding<2>(Init::Normal(1.0)), rnn: Rnn<8>, LastStep, fc: Dense<2>,
    }
}
network! {
    struct WithLstm: Token<2> => Vector<2> {
        embed: Embedding<2>(Init::Normal(1.0)), lstm: Lstm<8>, LastStep, fc: Dense<2>,
    }
}
network! {
    struct WithGru: Token<2> => Vector<2> {
        embed: Embedding<2>(Init::Normal(1.0)), gru: Gru<8>, LastStep, fc: Dense<2>,
    }
}
network! {
    /// Sees each token alone.
    struct Memoryless: Token<2> => Vector<2> {
        embed: Embedding<2>(Init::Normal(1.0)), fc1: Dense<8>, Tanh, LastStep, fc2: Dense<2>,
    }
}

const STEPS: usize = 8;

/// Sequences of random tokens, and the token that each of them begins with.
fn beginnings(lanes: usize, rng: &mut Generator) -> (Batch<Tokens<2>>, Batch<Classes<2>>) {
    let ids: Vec<u32> = (0..STEPS * lanes).map(|_| rng.random_range(0..2)).collect();
    (Batch::from_vec(ids.clone()).unwrap(), Batch::from_vec(ids[..lanes].to_vec()).unwrap())
}

/// Trains a network to tell the first of eight tokens, and returns how many of a thousand new
/// sequences it gets right.
fn right<N: Network<Sample = Tokens<2>, Outputs = Const<2>>>() -> usize {
    let mut rng = Generator::seed_from_u64(3);
    let mut model = Model::<N>::new(&mut rng);
    let mut workspace = Workspace::<N>::with_lanes(STEPS * 16, 16, 0);
    let mut adam = Adam::new(0.02);
    for _ in 0..400 {
        let (x, t) = beginnings(16, &mut rng);
        (0..16).for_each(|lane| workspace.state_mut().reset(lane));
        let mut step = workspace.forward(&mut model, &x);
        step.loss(&SoftmaxCrossEntropy::new(), &t);
        let gradient = step.backward();
        adam.step(model.parameters_mut(), gradient);
    }
    let (x, t) = beginnings(1000, &mut rng);
    let mut inference = Inference::<N>::with_lanes(STEPS * 1000, 1000);
    let outputs = inference.run(&model, &x);
    outputs.column_iter().zip(t.data()).filter(|(y, t)| u32::from(y[1] > y[0]) == **t).count()
}

#[test]
fn a_recurrent_network_learns_what_a_memoryless_one_cannot() {
    // Chance is 500, with a standard deviation of 16.
    let memoryless = right::<Memoryless>();
    assert!((420..580).contains(&memoryless), "{memoryless} of 1000");
    for right in [right::<WithRnn>(), right::<WithLstm>(), right::<WithGru>()] {
        assert!(right > 990, "{right} of 1000");
    }
}

network! {
    /// All that carries something from step to step: states, and random numbers.
    struct Speaker: Token<9> => Vector<9> {
        embed: Embedding<6>(Init::Normal(1.0)),
        Dropout(0.25),
        lstm: Lstm<8>,
        gru: Gru<5>,
        rnn: Rnn<4>,
        Dropout(0.25),
        fc: Dense<9>,
    }
}

/// Goes through some epochs from the given state on, and returns the state after them.
fn epochs(epochs: Range<u64>, model: &mut Model<Speaker>, state: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let text: Vec<u32> = (0..100).map(|i| i * i % 9).collect();
    let mut text = Sequences::<9>::new(&text, 3, 4).unwrap();
    let mut workspace = Workspace::<Speaker>::with_lanes(12, 3, 0);
    let mut parts = state.iter();
    workspace.state_mut().visit(&mut |part| {
        if let Some(saved) = parts.next() {
            part.copy_from_slice(saved);
        }
    });
    let mut sgd = Sgd::new(0.5);
    for epoch in epochs {
        workspace.reseed(epoch);
        text.seek(epoch as usize * text.batches() * 4);
        for _ in 0..text.batches() {
            let (x, t) = text.next_batch();
            let mut step = workspace.forward(model, x);
            step.loss(&SoftmaxCrossEntropy::new(), t);
            let gradient = step.backward();
            sgd.step(model.parameters_mut(), gradient);
        }
    }
    let mut state = Vec::new();
    workspace.state_mut().visit(&mut |part| state.push(part.to_vec()));
    state
}

/// The state that is saved is all that a workspace carries from epoch to epoch, when each draws from
/// a seed of its own.
#[test]
fn training_goes_on_bit_for_bit() {
    let new = || Model::<Speaker>::new(&mut Generator::seed_from_u64(7));
    let mut whole = new();
    let after = epochs(0..3, &mut whole, &[]);

    let mut first = new();
    let state = epochs(0..2, &mut first, &[]);
    let mut resumed = first.clone();
    assert_eq!(epochs(2..3, &mut resumed, &state), after);
    assert_eq!(resumed.parameters(), whole.parameters());

    let mut forgetful = first.clone();
    epochs(2..3, &mut forgetful, &[]);
    assert_ne!(forgetful.parameters(), whole.parameters(), "the state matters");
}
