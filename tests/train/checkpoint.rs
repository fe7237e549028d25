//! Runs that go on.

use crate::{bits, moons, net};
use formwork::optim::schedule::OnPlateau;
use formwork::optim::{Adam, Optimizer, Sgd};
use formwork::prelude::*;
use formwork::train::{History, TrainError, Trainer};
use rand::SeedableRng;
use safetensors::SafeTensors;
use std::path::PathBuf;

/// A path that is removed in the end.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Self {
        let name = format!("formwork-{name}-{}.safetensors", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Scratch {
    /// Writes a number of eight bytes over another.
    fn change(&self, tensor: &str, index: usize, number: [u8; 8]) {
        let mut bytes = std::fs::read(&self.0).unwrap();
        let (header, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
        let at = 8 + header + metadata.info(tensor).unwrap().data_offsets.0 + 8 * index;
        bytes[at..][..8].copy_from_slice(&number);
        std::fs::write(&self.0, bytes).unwrap();
    }
}

/// Trains with settings that all carry something from epoch to epoch.
fn fit<O: Optimizer<f32> + Send>(
    optimizer: O,
    epochs: usize,
    seed: u64,
    (from, to): (Option<&Scratch>, Option<&Scratch>),
) -> Result<(Model<crate::Net>, History), TrainError> {
    let (train, test) = moons();
    let mut trainer = Trainer::new(optimizer)
        .epochs(epochs)
        .batch_size(40)
        .schedule(OnPlateau::divide_by(1.5))
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
    let mut model = net(seed);
    let mut rng = Generator::seed_from_u64(seed);
    let history = trainer.fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut rng)?;
    Ok((model, history))
}

/// All but the times.
fn outcome((model, history): &(Model<crate::Net>, History)) -> (Vec<u32>, Vec<f64>, Vec<[f64; 4]>) {
    let row = |record: &formwork::train::Record| {
        [
            record.train_loss,
            record.validation_loss.unwrap(),
            record.validation_accuracy.unwrap(),
            record.learning_rate,
        ]
    };
    let rows = history.epochs.iter().map(row).collect();
    (bits(model.parameters()), history.step_losses.clone(), rows)
}

#[test]
fn an_interrupted_run_ends_like_a_whole_one() {
    let file = Scratch::new("resume");
    let whole = fit(Adam::new(0.3), 7, 1, (None, None)).unwrap();
    let rates = whole.1.column(|epoch| epoch.learning_rate);
    assert!(rates[2..].iter().any(|&rate| rate < 0.3), "the schedule has learnt something");

    fit(Adam::new(0.3), 3, 1, (None, Some(&file))).unwrap();
    // Another model and another generator: both come from the checkpoint.
    let resumed = fit(Adam::new(0.3), 7, 2, (Some(&file), Some(&file))).unwrap();
    assert_eq!(outcome(&resumed), outcome(&whole));

    // Where the run was over, nothing is left to do.
    let over = fit(Adam::new(0.3), 7, 3, (Some(&file), None)).unwrap();
    assert_eq!(outcome(&over), outcome(&whole));
}

#[test]
fn a_checkpoint_of_another_optimiser_is_refused() {
    let file = Scratch::new("other");
    fit(Sgd::new(0.1), 1, 1, (None, Some(&file))).unwrap();
    let message = fit(Adam::new(0.1), 2, 1, (Some(&file), None)).unwrap_err().to_string();
    assert!(message.contains("optimiser is Sgd, expected Adam"), "{message}");

    // Whoever means it is told what is missing.
    let (train, test) = moons();
    let error = Trainer::new(Adam::new(0.1))
        .validate(&test)
        .silent()
        .resume_changed(&file.0)
        .fit(&mut net(1), &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(1))
        .unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("there is no tensor `optimizer.first_moment`, expected one of 82"),
        "{message}"
    );
}

#[test]
fn a_checkpoint_that_is_not_there_is_an_error() {
    let nowhere = Scratch::new("nowhere");
    let error = fit(Sgd::new(0.1), 1, 1, (Some(&nowhere), None)).unwrap_err();
    assert!(error.to_string().starts_with(&format!("checkpoint {}: ", nowhere.0.display())));
}

/// The step after the last that a `u64` counts.
#[test]
fn counters_end_at_their_largest_number() {
    let file = Scratch::new("counter");
    fit(Adam::new(0.3), 1, 1, (None, Some(&file))).unwrap();
    file.change("optimizer_steps", 0, (u64::MAX - 1).to_le_bytes());
    file.change("schedule", 1, f64::INFINITY.to_le_bytes()); // epochs waited
    file.change("history", 0, 1e300_f64.to_le_bytes()); // the epoch's number
    let (model, history) = fit(Adam::new(0.3), 3, 1, (Some(&file), None)).unwrap();
    assert!(model.parameters().iter().all(|value| value.is_finite()));
    assert_eq!(history.column(|epoch| epoch.epoch as f64), [0.0, 1.0, 2.0]);
}

/// Column by column of the history, some of which may be missing.
#[test]
fn a_history_that_is_not_finite_is_refused() {
    let names = ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy"];
    let names = names.into_iter().chain(["learning_rate", "seconds", "samples_per_second"]);
    let file = Scratch::new("history");
    for (column, name) in (1..).zip(names) {
        for value in [f64::NAN, f64::INFINITY] {
            fit(Sgd::new(0.3), 2, 1, (None, Some(&file))).unwrap();
            file.change("history", 8 + column, value.to_le_bytes());
            let result = fit(Sgd::new(0.3), 2, 1, (Some(&file), None));
            if value.is_nan() && (name.contains("accuracy") || name == "validation_loss") {
                assert!(result.is_ok(), "{name}");
                continue;
            }
            let message = result.unwrap_err().to_string();
            let position = 8 + column;
            let expected = format!(
                "tensor `history` holds {value} at position {position}, expected finite numbers"
            );
            assert!(message.ends_with(&expected), "{name}: {message}");
        }
    }
    fit(Sgd::new(0.3), 2, 1, (None, Some(&file))).unwrap();
    file.change("step_losses", 3, f64::NAN.to_le_bytes());
    let message = fit(Sgd::new(0.3), 2, 1, (Some(&file), None)).unwrap_err().to_string();
    assert!(message.contains("tensor `step_losses` holds NaN at position 3"), "{message}");
}

/// Also after it could not be read, a checkpoint is what the trainer goes on from.
#[test]
fn a_checkpoint_that_is_refused_is_not_forgotten() {
    let file = Scratch::new("refused");
    let (train, _) = moons();
    let mut trainer = Trainer::new(Sgd::new(0.1)).silent().resume(&file.0);
    let (loss, mut rng) = (SoftmaxCrossEntropy::default(), Generator::seed_from_u64(1));
    for _ in 0..2 {
        assert!(trainer.fit(&mut net(1), &loss, &train, &mut rng).is_err());
    }
}

/// The bytes of a checkpoint, one of whose numbers is another.
fn changed(file: &Scratch, tensor: &str, index: usize, value: f64) {
    let bytes = std::fs::read(&file.0).unwrap();
    let (header, found) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let info = found.info(tensor).unwrap();
    let (start, end) = info.data_offsets;
    let count: usize = info.shape.iter().product();
    let size = (end - start) / count;
    let value = if size == 4 {
        (value as f32).to_le_bytes().to_vec()
    } else {
        value.to_le_bytes().to_vec()
    };
    let at = 8 + header + start + index * size;
    let bytes = [&bytes[..at], &value, &bytes[at + size..]].concat();
    std::fs::write(&file.0, bytes).unwrap();
}

#[test]
fn a_checkpoint_of_what_no_training_leads_to_is_refused() {
    for (tensor, index, value, expected) in [
        ("history", 1, f64::NAN, "finite numbers"),
        ("history", 13, f64::INFINITY, "finite numbers"),
        ("history", 8, f64::NAN, "finite numbers"),
        ("history", 15, f64::NAN, "finite numbers"),
        ("optimizer.second_moment", 3, -1.0, "no number below 0"),
        ("optimizer.first_moment", 3, f64::NAN, "finite numbers"),
        ("kept.fc1.bias", 2, f64::NAN, "finite numbers"),
    ] {
        let file = Scratch::new("changed");
        fit(Adam::new(0.3), 2, 1, (None, Some(&file))).unwrap();
        changed(&file, tensor, index, value);
        let error = fit(Adam::new(0.3), 3, 1, (Some(&file), None)).unwrap_err().to_string();
        let expected =
            format!("tensor `{tensor}` holds {value} at position {index}, expected {expected}");
        assert!(error.ends_with(&expected), "{error}");
    }
}
