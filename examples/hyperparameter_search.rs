//! A random search for learning rate and weight decay, its trials in parallel (book 1, chapter 6).
//! A hundred digits are few to choose by: from seed to seed the best accuracy differs by a tenth.

#[macro_use]
mod common;

use clap::Parser;
use common::book;
use formwork::optim::Sgd;
use formwork::plot::{Axis, Chart, Figure};
use formwork::prelude::*;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;

/// Tries random hyper-parameters on 500 digits, a fifth of them held out, for 50 epochs each.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: common::Flags,
    /// Trials to make
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    trials: u64,
}

network! {
    /// Six hidden layers of 100.
    pub struct SevenLayers: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<100>,
        Relu,
        fc2: Dense<100>,
        Relu,
        fc3: Dense<100>,
        Relu,
        fc4: Dense<100>,
        Relu,
        fc5: Dense<100>,
        Relu,
        fc6: Dense<100>,
        Relu,
        fc7: Dense<10>(Init::He),
    }
}

/// One trial: its hyper-parameters, and its accuracies after each epoch.
struct Trial {
    rate: f64,
    decay: f64,
    on_train: Vec<f64>,
    on_held_out: Vec<f64>,
}

impl Trial {
    fn result(&self) -> f64 {
        self.on_held_out.last().copied().unwrap_or(0.0)
    }
}

fn main() -> common::Result {
    let Args { flags, trials } = Args::parse();
    let (out, epochs) = (flags.prepare("hyperparameter_search")?, flags.epochs(50));
    let (data, _) = flags.digits()?;
    let mut rng = Generator::seed_from_u64(flags.seed);
    let (train, held_out) = data.take(500).split(0.8, &mut rng);
    // Each trial has a generator of its own, so that the order of the trials does not matter.
    let seeds: Vec<u64> = (0..trials).map(|_| rng.random()).collect();
    let mut trials: Vec<Trial> =
        seeds.into_par_iter().map(|seed| run(seed, epochs, &train, &held_out)).collect();
    trials.sort_by(|a, b| b.result().total_cmp(&a.result()));
    println!("the best of {} trials of {epochs} epochs", trials.len());
    println!("  held out  learning rate  weight decay");
    for trial in trials.iter().take(10) {
        println!("  {:8.2}  {:13.6}  {:12.2e}", trial.result(), trial.rate, trial.decay);
    }
    println!("the best of 100 trials of 50 epochs in the book:\n      0.84");
    let charts: Vec<Chart> =
        trials.iter().take(20).enumerate().map(|(i, trial)| chart(i, trial)).collect();
    let picture = out.join("best_trials.svg");
    Figure::new("The best trials", charts).columns(5).save(&picture)?;
    println!("{}", picture.display());
    Ok(())
}

fn run(seed: u64, epochs: usize, train: &book::Digits, held_out: &book::Digits) -> Trial {
    let mut rng = Generator::seed_from_u64(seed);
    let rate = 10f64.powf(rng.random_range(-6.0..-2.0));
    let decay = 10f64.powf(rng.random_range(-8.0..-4.0));
    let mut model = Model::<SevenLayers>::new(&mut rng);
    let mut optimizer = Sgd::new(rate).weight_decay(decay);
    let mut on_train = vec![book::accuracy(&model, train)];
    let mut on_held_out = vec![book::accuracy(&model, held_out)];
    for _ in 0..epochs {
        book::train(&mut model, &mut optimizer, train, 100, train.len() / 100, &mut rng);
        on_train.push(book::accuracy(&model, train));
        on_held_out.push(book::accuracy(&model, held_out));
    }
    Trial { rate, decay, on_train, on_held_out }
}

fn chart(i: usize, trial: &Trial) -> Chart {
    let accuracy = Axis::linear("accuracy").range(0.0, 1.0);
    let title = format!("{}: rate {:.5}", i + 1, trial.rate);
    Chart::new(title, Axis::linear("epoch"), accuracy).lines(&[
        book::from_start("train", &trial.on_train),
        book::from_start("held out", &trial.on_held_out),
    ])
}
