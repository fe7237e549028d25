//! Recurrent networks: nothing is carried from batch to batch, since samples are independent.

use crate::checkpoint::Scratch;
use crate::{bits, moons};
use formwork::data::Classes;
use formwork::optim::Adam;
use formwork::prelude::*;
use formwork::train::{Evaluation, Evaluator, History, Trainer};
use rand::SeedableRng;

network! {
    /// Sees a sample as a sequence of a single step.
    struct Recurrent: Vector<2> => Vector<2> { lstm: Lstm<8>, gru: Gru<8>, rnn: Rnn<8>, fc: Dense<2> }
}

fn model(seed: u64) -> Model<Recurrent> {
    Model::new(&mut Generator::seed_from_u64(seed))
}

fn evaluate(evaluator: &mut Evaluator<Recurrent, Classes<2>>) -> Evaluation {
    evaluator.run(&model(1), &SoftmaxCrossEntropy::default(), &moons().0)
}

#[test]
fn an_evaluation_does_not_depend_on_those_before() {
    for size in [1, 7, 64, 1000] {
        let mut evaluator = Evaluator::new(size);
        let first = evaluate(&mut evaluator);
        assert_eq!(evaluate(&mut evaluator), first, "batches of {size}");
    }
}

/// 150 samples: in batches of 7, the last one is of 3.
#[test]
fn an_evaluation_does_not_depend_on_the_size_of_batches() {
    let whole = evaluate(&mut Evaluator::new(150));
    for size in [1, 3, 7, 149] {
        let parts = evaluate(&mut Evaluator::new(size));
        assert!((parts.loss - whole.loss).abs() < 1e-6, "{size}: {parts:?}, {whole:?}");
        assert_eq!(parts.accuracy, whole.accuracy, "{size}");
    }
}

/// Trains up to so many epochs, from and to a checkpoint.
fn fit(
    epochs: usize,
    seed: u64,
    (from, to): (Option<&Scratch>, Option<&Scratch>),
) -> (Model<Recurrent>, History) {
    let (train, test) = moons();
    let mut trainer = Trainer::new(Adam::new(0.03))
        .epochs(epochs)
        .batch_size(40)
        .validate(&test)
        .keep_best()
        .record_steps()
        .silent();
    if let Some(from) = from {
        trainer = trainer.resume(&from.0);
    }
    if let Some(to) = to {
        trainer = trainer.checkpoint(&to.0);
    }
    let (mut model, mut rng) = (model(seed), Generator::seed_from_u64(seed));
    let loss = SoftmaxCrossEntropy::default();
    let history = trainer.fit(&mut model, &loss, &train, &mut rng).unwrap();
    (model, history)
}

#[test]
fn a_resumed_run_ends_like_a_whole_one() {
    let outcome = |(model, history): &(Model<Recurrent>, History)| {
        let validation = history.column(|epoch| epoch.validation_loss.unwrap());
        (bits(model.parameters()), history.step_losses.clone(), validation)
    };
    let file = Scratch::new("recurrent");
    let whole = fit(6, 1, (None, None));
    for interrupted in 1..6 {
        fit(interrupted, 1, (None, Some(&file)));
        let resumed = fit(6, 2, (Some(&file), None));
        assert_eq!(outcome(&resumed), outcome(&whole), "after {interrupted}");
    }
}

#[test]
fn the_best_loss_is_that_of_the_model_which_is_kept() {
    let (model, history) = fit(5, 1, (None, None));
    let loss = SoftmaxCrossEntropy::default();
    let evaluation = Evaluator::new(40).run(&model, &loss, &moons().1);
    assert_eq!(history.best().unwrap().validation_loss, Some(evaluation.loss));
}
