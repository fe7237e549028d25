//! That a checkpoint knows its run.

use crate::checkpoint::Scratch;
use crate::{bits, moons, net};
use formwork::data::toy::Plane;
use formwork::data::{Batch, Classes, Grid};
use formwork::kernel::Real;
use formwork::loss::{Loss, OutputMatrix, OutputMatrixMut};
use formwork::optim::schedule::{Cosine, Progress, Step};
use formwork::optim::{Adam, AdamW, Groups, Momentum, Nesterov, Optimizer};
use formwork::prelude::*;
use formwork::train::{TrainError, Trainer};
use nalgebra::Const;
use rand::SeedableRng;
use safetensors::SafeTensors;

type Boxed = Box<dyn Optimizer<f32> + Send>;
type With<'a> = Trainer<'a, crate::Net, Classes<2>, Boxed>;

/// The settings that the others differ from: Adam at 0.01, 40 samples a step, half a wave of 8 epochs.
fn trainer<'a>(optimizer: impl Optimizer<f32> + Send + 'static, test: &'a Plane) -> With<'a> {
    Trainer::new(Box::new(optimizer) as Boxed)
        .epochs(1)
        .batch_size(40)
        .schedule(Cosine::new(8.0))
        .validate(test)
        .silent()
}

/// The biases at this share of the rate.
fn biases(rate: f64) -> Groups {
    Model::<crate::Net>::groups().rate(rate, |name, _| name.ends_with(".bias"))
}

fn fit(mut trainer: With<'_>, train: &Plane) -> Result<Model<crate::Net>, TrainError> {
    let (mut model, mut rng) = (net(1), Generator::seed_from_u64(1));
    trainer.fit(&mut model, &SoftmaxCrossEntropy::default(), train, &mut rng)?;
    Ok(model)
}

/// A checkpoint of one epoch.
fn written(name: &str) -> Scratch {
    let file = Scratch::new(name);
    let (train, test) = moons();
    fit(trainer(Adam::new(0.01), &test).checkpoint(&file.0), &train).unwrap();
    file
}

#[test]
fn a_setting_that_has_changed_is_named() {
    let file = written("changed");
    let (train, test) = moons();
    let (fewer, _) = train.clone().split_at(100);
    let mut others = train.clone();
    others.shuffle(&mut Generator::seed_from_u64(2));
    let base = || trainer(Adam::new(0.01), &test);
    let adam = |adam| trainer(adam, &test);
    let noise = |_: &mut Batch<Grid<2>>, _: &mut Generator| {};
    let cases = [
        (adam(Adam::new(0.02)), &train, "learning rate is 0.01, expected 0.02"),
        (adam(Adam::new(0.01).betas(0.8, 0.999)), &train, "beta1 is 0.9, expected 0.8"),
        (adam(Adam::new(0.01).weight_decay(0.1)), &train, "weight decay is 0, expected 0.1"),
        (
            trainer(AdamW::new(0.01), &test),
            &train,
            "optimiser is Adam, expected AdamW; weight decay",
        ),
        (
            adam(Adam::new(0.01).groups(biases(0.5))),
            &train,
            "groups of parameters is none, expected fc1.bias: rate x 0.5; fc2.bias: rate x 0.5",
        ),
        // Alike is as without.
        (adam(Adam::new(0.02).groups(biases(1.0))), &train, "learning rate is 0.01, expected 0.02"),
        (base().batch_size(50), &train, "batch size is 40, expected 50"),
        (base().schedule(Cosine::new(9.0)), &train, "epochs of the schedule is 8, expected 9"),
        (base().schedule(Step::new(1, 0.5)), &train, "schedule is Cosine, expected Step"),
        (base().schedule(|_: Progress| 1.0), &train, "schedule is Cosine, expected closure"),
        (base().groups(2), &train, "groups of samples is 1, expected 2"),
        (base().drop_last(), &train, "drop_last is false, expected true"),
        (base().clip_norm(1.5), &train, "largest norm is none, expected 1.5"),
        (base().keep_best(), &train, "keep_best is false, expected true"),
        (base().augment(noise), &train, "augmentation is false, expected true"),
        (base(), &fewer, "training set is 150 samples with the checksum "),
        (base(), &others, "training set is 150 samples with the checksum "),
        (base().validate(&train), &train, "validation set is 50 samples with the checksum "),
    ];
    for (trainer, train, expected) in cases {
        let error = fit(trainer.epochs(2).resume(&file.0), train).unwrap_err();
        let TrainError::Changed { settings, .. } = &error else { panic!("{error}") };
        assert!(!settings.is_empty());
        let message = error.to_string();
        let words = format!("it is of a run with other settings: {expected}");
        assert!(message.contains(&words), "{message}");
        let hint = ". `resume_changed` goes on with those of this run";
        assert!(message.ends_with(hint), "{message}");
    }
    // Nothing has changed but how long it goes on, and where.
    fit(base().epochs(2).threads(2).record_steps().resume(&file.0), &train).unwrap();
}

/// The groups of a run are those of the one that goes on, and act in it.
#[test]
fn groups_go_on() {
    let (train, test) = moons();
    let file = Scratch::new("groups");
    let grouped = || trainer(Adam::new(0.01).groups(biases(0.0)), &test);
    let whole = fit(grouped().epochs(2), &train).unwrap();
    fit(grouped().checkpoint(&file.0), &train).unwrap();
    let resumed = fit(grouped().epochs(2).resume(&file.0), &train).unwrap();
    assert_eq!(bits(resumed.parameters()), bits(whole.parameters()));
    assert_eq!(whole.fc1.bias, net(1).fc1.bias);
    let error = fit(trainer(Adam::new(0.01), &test).resume(&file.0), &train).unwrap_err();
    let words = "groups of parameters is fc1.bias: rate x 0; fc2.bias: rate x 0, expected none";
    assert!(error.to_string().contains(words), "{error}");
}

#[test]
fn who_means_it_goes_on() {
    let file = written("meant");
    let (train, test) = moons();
    let other = || trainer(Adam::new(0.5), &test).batch_size(30).epochs(2);
    assert!(fit(other().resume(&file.0), &train).is_err());
    let model = fit(other().resume_changed(&file.0), &train).unwrap();
    assert_ne!(bits(model.parameters()), bits(fit(other(), &train).unwrap().parameters()));
}

network! {
    /// As `Net`, with another activation.
    struct Smooth: Vector<2> => Vector<2> { fc1: Dense<16>, Tanh, fc2: Dense<2> }
}

#[test]
fn layers_without_parameters_count() {
    let file = written("layers");
    let (train, test) = moons();
    let error = Trainer::<Smooth, Classes<2>, _>::new(Adam::new(0.01))
        .batch_size(40)
        .schedule(Cosine::new(8.0))
        .validate(&test)
        .silent()
        .resume(&file.0)
        .fit(
            &mut Model::zeroed(),
            &SoftmaxCrossEntropy::default(),
            &train,
            &mut Generator::seed_from_u64(1),
        )
        .unwrap_err();
    let words = "other settings: layer 2 is relu1: Relu, expected tanh1: Tanh. `resume_changed`";
    assert!(error.to_string().contains(words), "{error}");
}

/// A loss of another type.
struct Same;

impl Loss<Const<2>> for Same {
    type Target = Classes<2>;

    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Const<2>>,
        targets: &Batch<Classes<2>, T>,
        gradient: Option<OutputMatrixMut<'_, T, Const<2>>>,
    ) -> T {
        SoftmaxCrossEntropy::default().evaluate(outputs, targets, gradient)
    }
}

#[test]
fn the_kind_of_loss_counts() {
    let file = written("loss");
    let (train, test) = moons();
    let error = trainer(Adam::new(0.01), &test)
        .resume(&file.0)
        .fit(&mut net(1), &Same, &train, &mut Generator::seed_from_u64(1))
        .unwrap_err();
    let words = ": loss is SoftmaxCrossEntropy { smoothing: 0.0 }, expected Same.";
    assert!(error.to_string().contains(words), "{error}");
    let weighted = SoftmaxCrossEntropy::new().class_weights([1.0, 2.5]);
    let error = trainer(Adam::new(0.01), &test)
        .resume(&file.0)
        .fit(&mut net(1), &weighted, &train, &mut Generator::seed_from_u64(1))
        .unwrap_err();
    assert!(error.to_string().contains("expected WeightedSoftmaxCrossEntropy"), "{error}");
    assert!(error.to_string().contains("weights: [1.0, 2.5]"), "{error}");
}

/// Velocities both, and the same settings but for the kind.
#[test]
fn optimisers_that_remember_the_same_are_told_apart() {
    let file = Scratch::new("kind");
    let (train, test) = moons();
    fit(trainer(Momentum::new(0.1), &test).checkpoint(&file.0), &train).unwrap();
    let error = fit(trainer(Nesterov::new(0.1), &test).resume(&file.0), &train).unwrap_err();
    let words = "other settings: optimiser is Momentum, expected Nesterov. `resume_changed`";
    assert!(error.to_string().contains(words), "{error}");
}

/// As they were before there were fingerprints: tensors without texts.
#[test]
fn checkpoints_without_settings_are_read() {
    let file = written("old");
    let bytes = std::fs::read(&file.0).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap().tensors();
    std::fs::write(&file.0, safetensors::serialize(tensors, None).unwrap()).unwrap();
    let (train, test) = moons();
    fit(trainer(Adam::new(0.02), &test).epochs(2).resume(&file.0), &train).unwrap();
}
