//! That networks learn, and how the settings take part.

use crate::{bits, moons, net};
use formwork::data::{Batch, Batches, Classes, Dataset, Grid, IGNORED, toy};
use formwork::optim::schedule::{OnPlateau, Progress, Step};
use formwork::optim::{Adam, Optimizer, Sgd, clip};
use formwork::prelude::*;
use formwork::train::{Evaluator, Record, TrainError, Trainer};
use rand::{Rng, SeedableRng};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

#[test]
fn xor_is_learnt() {
    let mut model = net(1);
    let history = Trainer::new(Adam::new(0.05))
        .epochs(200)
        .batch_size(4)
        .silent()
        .fit(
            &mut model,
            &SoftmaxCrossEntropy::default(),
            &toy::xor(),
            &mut Generator::seed_from_u64(1),
        )
        .unwrap();
    assert_eq!(history.epochs.len(), 200);
    assert_eq!(history.epochs[199].train_accuracy, Some(1.0));
    assert!(history.epochs[199].train_loss < 0.01);
}

#[test]
fn two_moons_are_told_apart() {
    let (train, test) = moons();
    let mut model = net(2);
    let history = Trainer::new(Adam::new(0.02))
        .epochs(60)
        .batch_size(16)
        .validate(&test)
        .silent()
        .fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(2))
        .unwrap();
    let last = history.epochs[59];
    assert!(last.validation_accuracy >= Some(0.96), "{last:?}");
    // Watching only, the trainer leaves the parameters of the last epoch.
    let evaluation = Evaluator::new(50).run(&model, &SoftmaxCrossEntropy::default(), &test);
    assert!((evaluation.loss - last.validation_loss.unwrap()).abs() < 1e-6);
}

/// The same steps, written by hand.
#[test]
fn a_step_is_forward_loss_backward_clip_step() {
    let (train, _) = moons();
    let (mut model, mut by_hand) = (net(3), net(3));
    let history = Trainer::new(Sgd::new(0.5))
        .epochs(1)
        .batch_size(40)
        .clip_norm(0.3)
        .record_steps()
        .silent()
        .fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(3))
        .unwrap();

    let seed = Generator::seed_from_u64(3).next_u64();
    let mut rng = Generator::seed_from_u64(seed);
    let mut workspace = Workspace::new(40, rng.next_u64());
    let mut sgd = Sgd::new(0.5);
    let mut batches = Batches::new(40);
    let mut epoch = batches.shuffled(&train, &mut rng);
    let (mut losses, mut sizes) = (vec![], vec![]);
    while let Some((inputs, targets)) = epoch.next_batch() {
        let mut step = workspace.forward(&mut by_hand, inputs);
        losses.push(f64::from(step.loss(&SoftmaxCrossEntropy::default(), targets)));
        sizes.push(inputs.columns());
        let gradient = step.backward();
        let scale = clip::factor(clip::norm(gradient).unwrap(), 0.3);
        assert!(scale < 1.0, "the test is of clipping");
        sgd.step_scaled(by_hand.parameters_mut(), gradient, scale);
    }
    assert_eq!(bits(model.parameters()), bits(by_hand.parameters()));
    assert_eq!(history.step_losses, losses);
    // 150 samples: three batches of 40 and one of 30, each sample with the same weight.
    assert_eq!(sizes, [40, 40, 40, 30]);
    let mean = (40.0 * (losses[0] + losses[1] + losses[2]) + 30.0 * losses[3]) / 150.0;
    assert!((history.epochs[0].train_loss - mean).abs() < 1e-12);
}

/// 150 samples: three batches of 40, and the 30 that are left are left out.
#[test]
fn a_last_batch_that_is_not_full_may_be_dropped() {
    let (train, _) = moons();
    let fit = |size: usize| {
        let mut trainer = Trainer::new(Sgd::new(0.5)).epochs(2).batch_size(size).drop_last();
        trainer = trainer.record_steps().silent();
        let loss = SoftmaxCrossEntropy::default();
        trainer.fit(&mut net(3), &loss, &train, &mut Generator::seed_from_u64(3))
    };
    let history = fit(40).unwrap();
    assert_eq!(history.step_losses.len(), 2 * 3);
    let mean = history.step_losses[..3].iter().sum::<f64>() / 3.0;
    assert!((history.epochs[0].train_loss - mean).abs() < 1e-12);
    assert_eq!(fit(150).unwrap().step_losses.len(), 2, "a batch of all is full");
    let error = fit(151).unwrap_err();
    assert!(matches!(error, TrainError::AllDropped { samples: 150, batch_size: 151 }));
    assert_eq!(
        error.to_string(),
        "`drop_last` leaves out all 150 samples of the training set, expected as many as a batch of \
         151"
    );
}

#[test]
fn the_schedule_is_a_factor_on_the_rate() {
    let (train, test) = moons();
    let mut trainer =
        Trainer::new(Sgd::new(0.4)).epochs(5).schedule(Step::new(2, 0.5)).validate(&test).silent();
    let mut rng = Generator::seed_from_u64(4);
    let history =
        trainer.fit(&mut net(4), &SoftmaxCrossEntropy::default(), &train, &mut rng).unwrap();
    assert_eq!(history.column(|epoch| epoch.learning_rate), [0.4, 0.4, 0.2, 0.2, 0.1]);
    assert_eq!(trainer.optimizer().learning_rate(), 0.4, "the base rate is put back");
}

#[test]
fn the_schedule_hears_of_every_step() {
    let (train, _) = moons();
    let asked = Mutex::new(vec![]);
    let schedule = |progress: Progress| {
        asked.lock().unwrap().push((progress.epoch, progress.step, progress.steps_per_epoch));
        1.0
    };
    Trainer::new(Sgd::new(0.1))
        .epochs(2)
        .batch_size(75)
        .schedule(schedule)
        .silent()
        .fit(&mut net(4), &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(4))
        .unwrap();
    assert_eq!(*asked.lock().unwrap(), [(0, 0, 2), (0, 1, 2), (1, 0, 2), (1, 1, 2)]);
}

/// The rate is so small that nothing changes: every epoch after the first is a plateau.
#[test]
fn the_schedule_observes_the_validation_loss() {
    let (train, test) = moons();
    let history = Trainer::new(Sgd::new(1e-30))
        .epochs(3)
        .schedule(OnPlateau::divide_by(2.0))
        .validate(&test)
        .silent()
        .fit(&mut net(4), &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(4))
        .unwrap();
    assert_eq!(history.column(|epoch| epoch.learning_rate), [1e-30, 1e-30, 0.5e-30]);
}

#[test]
fn a_report_hears_of_every_epoch() {
    let (train, _) = moons();
    let heard = Mutex::new(vec![]);
    let history = Trainer::new(Sgd::new(0.1))
        .epochs(3)
        .report(|record: &Record| heard.lock().unwrap().push(*record))
        .fit(&mut net(4), &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(4))
        .unwrap();
    assert_eq!(*heard.lock().unwrap(), history.epochs);
    assert_eq!(history.column(|epoch| epoch.epoch as f64), [0.0, 1.0, 2.0]);
}

#[test]
fn an_empty_set_is_refused() {
    let (train, test) = moons();
    let (empty, full) = train.split_at(0);
    let mut rng = Generator::seed_from_u64(1);
    let error = Trainer::new(Sgd::new(0.1))
        .silent()
        .fit(&mut net(1), &SoftmaxCrossEntropy::default(), &empty, &mut rng)
        .unwrap_err();
    assert_eq!(error.to_string(), "the training set has no samples, expected at least one");
    let error = Trainer::new(Sgd::new(0.1))
        .silent()
        .validate(&empty)
        .fit(&mut net(1), &SoftmaxCrossEntropy::default(), &full, &mut rng)
        .unwrap_err();
    assert!(matches!(error, TrainError::Empty("validation")));
    assert!(!test.is_empty());
}

/// A set of two classes whose targets are all to be ignored, but for the first `answered`.
fn ignored(answered: usize) -> toy::Plane {
    let targets = (0..20).map(|i| if i < answered { i as u32 % 2 } else { IGNORED }).collect();
    Dataset::from_vecs((0..40).map(|i| i as f32 / 40.0).collect(), targets).unwrap()
}

#[test]
fn a_set_without_targets_is_refused() {
    let (train, _) = moons();
    let (none, one) = (ignored(0), ignored(1));
    let fit = |train: &toy::Plane, validation: &toy::Plane| {
        let loss = SoftmaxCrossEntropy::default();
        let mut trainer = Trainer::new(Sgd::new(0.1)).batch_size(7).validate(validation).silent();
        trainer.fit(&mut net(1), &loss, train, &mut Generator::seed_from_u64(1))
    };
    for (set, error) in [
        ("training", fit(&none, &train).unwrap_err()),
        ("validation", fit(&train, &none).unwrap_err()),
    ] {
        assert_eq!(
            error.to_string(),
            format!("all 20 targets of the {set} set are to be ignored, expected one that is not")
        );
    }
    // The one target is of class 0.
    let loss = SoftmaxCrossEntropy::new().class_weights([0.0, 1.0]);
    let mut rng = Generator::seed_from_u64(1);
    let error = Trainer::new(Sgd::new(0.1)).silent().fit(&mut net(1), &loss, &one, &mut rng);
    assert_eq!(
        error.unwrap_err().to_string(),
        "all 20 targets of the training set have a weight of 0, expected one that counts"
    );
    let history = fit(&one, &one).unwrap();
    assert!(history.epochs.iter().all(|epoch| epoch.train_loss > 0.0));
}

#[test]
fn the_best_is_not_kept_without_a_validation_set() {
    let (train, _) = moons();
    let fit = |mut trainer: Trainer<'_, crate::Net, Classes<2>, Sgd<f32>>| {
        let loss = SoftmaxCrossEntropy::default();
        let result = trainer.fit(&mut net(1), &loss, &train, &mut Generator::seed_from_u64(1));
        result.unwrap_err().to_string()
    };
    assert_eq!(
        fit(Trainer::new(Sgd::new(0.1)).patience(2).silent()),
        "`patience` goes by the validation loss, but there is no validation set: expected a call \
         of `validate`"
    );
    let message = fit(Trainer::new(Sgd::new(0.1)).keep_best().silent());
    assert!(message.starts_with("`keep_best` goes by the validation loss"), "{message}");
}

/// Inputs that are all the same leave only the frequencies of the classes to be learnt.
#[test]
fn augmentation_changes_what_the_network_sees_and_nothing_else() {
    let (train, _) = moons();
    let before = train.clone();
    let mut rng = Generator::seed_from_u64(5);
    let history = Trainer::new(Adam::new(0.02))
        .epochs(40)
        .batch_size(50)
        .augment(|inputs: &mut Batch<Grid<2>>, _: &mut Generator| inputs.data_mut().fill(0.5))
        .silent()
        .fit(&mut net(5), &SoftmaxCrossEntropy::default(), &train, &mut rng)
        .unwrap();
    assert_eq!(train, before);
    let [first, second] = train.class_counts().map(|count| count as f64 / 150.0);
    let entropy = -first * first.ln() - second * second.ln();
    let last = history.epochs[39].train_loss;
    assert!((last - entropy).abs() < 0.01, "{last} for an entropy of {entropy}");
}

#[test]
fn too_many_threads_are_refused() {
    let (train, _) = moons();
    let loss = SoftmaxCrossEntropy::default();
    let error = Trainer::new(Sgd::new(0.1))
        .threads(100_000)
        .silent()
        .fit(&mut net(1), &loss, &train, &mut Generator::seed_from_u64(1))
        .unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("cannot train on 100000 threads, expected at most "), "{message}");
}

/// A clock that tells of two seconds more each time, and later stands still or is set back.
#[test]
fn time_is_what_the_clock_says() {
    static ASKED: AtomicU64 = AtomicU64::new(0);
    let clock = || {
        let asked = ASKED.fetch_add(1, Ordering::Relaxed);
        Duration::from_secs(if asked < 4 { 2 * asked } else { 20 - asked })
    };
    let history = Trainer::new(Sgd::new(0.1))
        .epochs(3)
        .clock(clock)
        .silent()
        .fit(
            &mut net(1),
            &SoftmaxCrossEntropy::default(),
            &toy::xor(),
            &mut Generator::seed_from_u64(1),
        )
        .unwrap();
    assert_eq!(history.column(|epoch| epoch.seconds), [2.0, 2.0, 0.0]);
    assert_eq!(history.epochs[1].samples_per_second, 2.0); // four samples in two seconds
    assert_eq!(history.epochs[2].samples_per_second, 0.0);
}
