//! Early stopping, and the best parameters.

use crate::{bits, moons, net};
use formwork::optim::Sgd;
use formwork::optim::schedule::Progress;
use formwork::prelude::*;
use formwork::train::{Evaluator, Record, Trainer};
use rand::SeedableRng;
use std::sync::Mutex;

/// Learns for three epochs, then leaps away from what it has learnt.
fn leap(progress: Progress) -> f64 {
    if progress.epoch < 3 { 1.0 } else { 300.0 }
}

#[test]
fn patience_stops_and_the_best_parameters_are_put_back() {
    let (train, test) = moons();
    let mut model = net(7);
    let history = Trainer::new(Sgd::new(0.3))
        .epochs(50)
        .batch_size(25)
        .schedule(leap)
        .validate(&test)
        .patience(2)
        .silent()
        .fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(7))
        .unwrap();
    let best = history.best().unwrap();
    assert_eq!(best.epoch, 2);
    // Epochs 3 and 4 are worse, and two in a row are enough.
    assert_eq!(history.epochs.len(), 5);
    let evaluation = Evaluator::new(50).run(&model, &SoftmaxCrossEntropy::default(), &test);
    assert_eq!(Some(evaluation.accuracy), Some(best.validation_accuracy));
    assert!((evaluation.loss - best.validation_loss.unwrap()).abs() < 1e-6);
}

#[test]
fn the_best_are_kept_only_where_asked_for() {
    let (train, test) = moons();
    let run = |keep: bool| {
        let mut model = net(7);
        let trainer = Trainer::new(Sgd::new(0.3)).epochs(5).batch_size(25).schedule(leap);
        let trainer = trainer.validate(&test).silent();
        let mut trainer = if keep { trainer.keep_best() } else { trainer };
        let mut rng = Generator::seed_from_u64(7);
        let history =
            trainer.fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut rng).unwrap();
        let evaluation = Evaluator::new(50).run(&model, &SoftmaxCrossEntropy::default(), &test);
        (history, evaluation.loss)
    };
    let (history, loss) = run(false);
    assert!((loss / history.epochs[4].validation_loss.unwrap() - 1.0).abs() < 1e-6);
    let (history, loss) = run(true);
    assert_eq!(history.best().unwrap().epoch, 2);
    assert!((loss / history.epochs[2].validation_loss.unwrap() - 1.0).abs() < 1e-6);
}

/// Two times one epoch is the first epoch of a run, and the first of another.
#[test]
fn a_trainer_goes_on() {
    let (train, _) = moons();
    let (mut model, heard) = (net(8), Mutex::new(0));
    let report = |_: &Record| *heard.lock().unwrap() += 1;
    let mut trainer = Trainer::new(Sgd::new(0.1)).epochs(1).report(report);
    let mut rng = Generator::seed_from_u64(8);
    trainer.fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut rng).unwrap();
    let after_one = bits(model.parameters());
    trainer.fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut rng).unwrap();
    assert_ne!(after_one, bits(model.parameters()));
    drop(trainer);
    assert_eq!(heard.into_inner().unwrap(), 2);
}
