//! Processes that are killed at random times while they train, and go on from their checkpoints until
//! they are done: the weights are those of a run without interruption, bit for bit.
//!
//! `FORMWORK_KILLS=500 cargo test --test train kills` kills more than 20 of each kind.

use crate::moons;
use formwork::data::{Batch, Grid, Sequences};
use formwork::io::replace;
use formwork::layer::State;
use formwork::optim::schedule::OnPlateau;
use formwork::optim::{Adam, Optimizer, Sgd};
use formwork::prelude::*;
use formwork::train::Trainer;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Instant;

network! {
    /// Statistics and random numbers.
    pub struct Classifier: Vector<2> => Vector<2> {
        fc1: Dense<16>, BatchNorm, Relu, Dropout(0.2), fc2: Dense<2>
    }
}

const EPOCHS: usize = 40;

/// A trainer all of whose parts remember something.
fn feed_forward(checkpoint: Option<&Path>) -> Vec<u8> {
    let (train, test) = moons();
    let noise = |inputs: &mut Batch<Grid<2>>, rng: &mut Generator| {
        inputs.data_mut().iter_mut().for_each(|x| *x += rng.random_range(-0.1..0.1));
    };
    let mut trainer = Trainer::new(Adam::new(0.1))
        .epochs(EPOCHS)
        .batch_size(20)
        .schedule(OnPlateau::divide_by(1.5))
        .augment(noise)
        .validate(&test)
        .keep_best()
        .record_steps()
        .silent();
    if let Some(path) = checkpoint {
        trainer = if path.exists() { trainer.resume(path) } else { trainer }.checkpoint(path);
    }
    let mut rng = Generator::seed_from_u64(1);
    let mut model = Model::<Classifier>::new(&mut rng);
    let loss = SoftmaxCrossEntropy::new();
    let history = trainer.fit(&mut model, &loss, &train, &mut rng).unwrap();
    let losses = history.step_losses.iter().flat_map(|loss| loss.to_le_bytes());
    model.to_bytes().unwrap().into_iter().chain(losses).collect()
}

network! {
    /// What it has read stays in the state of two layers.
    pub struct Reader: Token<8> => Vector<8> {
        embed: Embedding<8>, lstm: Lstm<16>, Dropout(0.2), gru: Gru<16>, fc: Dense<8>
    }
}

/// A loop of one's own over a text, whose checkpoints are the number of epochs, the state, and the
/// weights.
fn recurrent(checkpoint: Option<&Path>) -> Vec<u8> {
    let mut rng = Generator::seed_from_u64(1);
    let text: Vec<u32> = (0..401).map(|at| (at + rng.random_range(0..2)) % 8).collect();
    let (lanes, steps) = (4, 10);
    let mut sequences = Sequences::<8>::new(&text, lanes, steps).unwrap();
    let batches = sequences.batches();
    let mut model = Model::<Reader>::new(&mut rng);
    let mut workspace = Workspace::<Reader>::with_lanes(lanes * steps, lanes, 1);
    let (mut sgd, loss) = (Sgd::new(0.5), SoftmaxCrossEntropy::new());
    let mut done = 0_u64;
    if let Some(bytes) = checkpoint.and_then(|path| fs::read(path).ok()) {
        let (epochs, mut rest) = bytes.split_first_chunk().unwrap();
        done = u64::from_le_bytes(*epochs);
        workspace.state_mut().visit(&mut |part| {
            for value in part {
                let (first, others) = rest.split_first_chunk().unwrap();
                (*value, rest) = (f32::from_le_bytes(*first), others);
            }
        });
        model = Model::from_bytes(rest).unwrap();
    }
    for epoch in done..EPOCHS as u64 {
        workspace.reseed(epoch);
        sequences.seek(epoch as usize * batches * steps);
        for _ in 0..batches {
            let (inputs, targets) = sequences.next_batch();
            let mut step = workspace.forward(&mut model, inputs);
            step.loss(&loss, targets);
            let gradient = step.backward();
            sgd.step(model.parameters_mut(), gradient);
        }
        let Some(path) = checkpoint else { continue };
        let mut bytes = (epoch + 1).to_le_bytes().to_vec();
        workspace.state_mut().visit(&mut |part| {
            bytes.extend(part.iter().flat_map(|value| value.to_le_bytes()));
        });
        bytes.extend(model.to_bytes().unwrap());
        replace(path, |file| file.write_all(&bytes)).unwrap();
    }
    model.to_bytes().unwrap()
}

/// The folder in which a process of these tests is to train.
const FOLDER: &str = "FORMWORK_TEST_FOLDER";

/// Kills processes of this test, which train and leave what `train` gives, from and to a checkpoint
/// if there is one.
fn survives(test: &str, train: fn(Option<&Path>) -> Vec<u8>) {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let folder = PathBuf::from(folder);
        let outcome = train(Some(&folder.join("checkpoint")));
        return replace(folder.join("outcome"), |file| file.write_all(&outcome)).unwrap();
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("kills-{test}"));
    let empty = || {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
    };
    let start = || -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("kills::{test}")])
            .env(FOLDER, &folder)
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let whole = train(None);
    let is_whole = || {
        assert!(fs::read(folder.join("outcome")).unwrap() == whole, "not what a whole run leaves");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "something is left over");
    };
    empty();
    let clock = Instant::now();
    assert!(start().wait().unwrap().success());
    let time = clock.elapsed();
    is_whole();

    let mut left = std::env::var("FORMWORK_KILLS").map_or(20, |count| count.parse().unwrap());
    let (mut trainings, mut resumed) = (0, 0);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    while left > 0 {
        empty();
        loop {
            resumed += usize::from(folder.join("checkpoint").exists());
            let mut process = start();
            if left > 0 {
                sleep(time.mul_f64(rng.random_range(0.0..0.5)));
                process.kill().unwrap();
            }
            let status = process.wait().unwrap();
            if status.code().is_some() {
                assert!(status.success(), "{status}");
                break;
            }
            left -= 1;
        }
        is_whole();
        trainings += 1;
    }
    println!("{test}: {trainings} trainings, {resumed} times resumed");
    assert!(resumed > 0, "all were killed before the end of the first epoch");
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn feed_forward_training() {
    survives("feed_forward_training", feed_forward);
}

#[test]
fn recurrent_training() {
    survives("recurrent_training", recurrent);
}
