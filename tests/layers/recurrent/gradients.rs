//! Gradients through time against central differences: the input and every parameter, over several
//! steps and lanes, from the zero state and from one that is carried over. The layers' own tests call
//! these; here is what several of them are in.

use formwork::data::{Batch, Classes, Tokens};
use formwork::gradcheck::GradCheck;
use formwork::layer::Layer;
use formwork::prelude::*;
use formwork::typenum::{U2, U3};
use rand::{RngExt, SeedableRng};

pub fn are_right<L: Layer<In>, In: Shape>(seed: u64, steps: usize, lanes: usize) {
    let check = GradCheck::new(seed).columns(steps * lanes).lanes(lanes);
    for check in [check, check.carry_state()] {
        let passed = check.layer::<L, In>().unwrap_or_else(|wrong| panic!("{wrong}"));
        assert!(passed.checked >= steps * lanes * In::SIZE);
    }
}

/// For each cell, with few and with more units than a vector register holds.
pub fn of_all_shapes_are_right<A: Layer<Vector<U2>>, B: Layer<Vector<U3>>>(
    seed: u64,
    steps: usize,
    lanes: usize,
) {
    are_right::<A, Vector<U2>>(seed, steps, lanes);
    are_right::<B, Vector<U3>>(seed, steps, lanes);
}

network! {
    struct Tied: Token<7> => Vector<7> {
        embed: Embedding<3>(Init::Normal(1.0)),
        lstm1: Lstm<4>,
        lstm2: Lstm<3>,
        head: Dense<7> tied to embed,
    }
}

network! {
    struct Sentences: Token<7> => Vector<2> {
        embed: Embedding<3>(Init::Normal(1.0)),
        both: Bidirectional { mix: Conv2d<3, 1>, gru: Gru<2> },
        Residual { rnn: Rnn<4> },
        LastStep,
        fc: Dense<2>,
    }
}

fn tokens(n: usize, rng: &mut Generator) -> Batch<Tokens<7>, f64> {
    Batch::from_vec((0..n).map(|_| rng.random_range(0..7)).collect()).unwrap()
}

/// An embedding whose matrix the output shares, two layers between, and the loss.
#[test]
fn of_a_language_model() {
    let mut rng = Generator::seed_from_u64(4);
    let model = Model::<Tied, f64>::new(&mut rng);
    let x = tokens(12, &mut rng);
    let targets = Batch::<Classes<7>, f64>::from_vec(tokens(12, &mut rng).into_vec()).unwrap();
    let check = GradCheck::new(5).lanes(3).carry_state();
    let passed = check.loss(&SoftmaxCrossEntropy::new(), &model, &x, &targets).unwrap();
    assert_eq!(passed.checked, Tied::PARAMETERS);
}

/// There is a target for each lane, not for each column.
#[test]
fn of_a_classifier_of_sequences() {
    let mut rng = Generator::seed_from_u64(6);
    let model = Model::<Sentences, f64>::new(&mut rng);
    let x = tokens(12, &mut rng);
    let targets = Batch::<Classes<2>, f64>::from_vec(vec![1, 0, 1]).unwrap();
    let passed =
        GradCheck::new(7).lanes(3).loss(&SoftmaxCrossEntropy::new(), &model, &x, &targets).unwrap();
    assert_eq!(passed.checked, Sentences::PARAMETERS);
}
