//! A random search for learning rate and weight decay, its trials in parallel (book 1, chapter 6).

#[path = "book/mod.rs"]
mod book;

use clap::Parser;
use formwork::optim::Sgd;
use formwork::plot::{self, Axis, Chart, Frame, Grid, Series};
use formwork::prelude::*;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;

/// Tries random hyper-parameters on 500 digits, a fifth of them held out.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: book::Flags,
    /// Trials.
    #[arg(long, default_value_t = 100)]
    trials: u64,
    /// Epochs of a trial.
    #[arg(long, default_value_t = 50)]
    epochs: usize,
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
        fc7: Dense<10>,
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

fn main() -> book::Result {
    let args = Args::parse();
    args.flags.prepare()?;
    let (data, _) = args.flags.digits()?;
    let mut rng = Generator::seed_from_u64(args.flags.seed);
    let (train, held_out) = data.take(500).split(0.8, &mut rng);
    // Each trial has a generator of its own, so that the order of the trials does not matter.
    let mut trials: Vec<Trial> = (0..args.trials)
        .into_par_iter()
        .map(|trial| run(&args, trial, &train, &held_out))
        .collect();
    trials.sort_by(|a, b| b.result().total_cmp(&a.result()));
    println!("best of {} trials   book, 100 trials of 50 epochs: 0.84", args.trials);
    for trial in trials.iter().take(10) {
        println!(
            "  held out {:.2}   rate {:.6}, weight decay {:.2e}",
            trial.result(),
            trial.rate,
            trial.decay
        );
    }
    let charts: Vec<Chart> =
        trials.iter().take(20).enumerate().map(|(i, trial)| chart(i, trial)).collect();
    let picture = args.flags.picture("hyperparameter_search.svg");
    plot::charts(&picture, &charts, &Grid { title: "The best trials", columns: 5 })?;
    println!("{}", picture.display());
    Ok(())
}

fn run(args: &Args, trial: u64, train: &book::Digits, held_out: &book::Digits) -> Trial {
    let mut rng = Generator::seed_from_u64(args.flags.seed.wrapping_add(1 + trial));
    let rate = 10f64.powf(rng.random_range(-6.0..-2.0));
    let decay = 10f64.powf(rng.random_range(-8.0..-4.0));
    let mut model = Model::<SevenLayers>::new(&mut rng);
    let mut optimizer = Sgd::new(rate).weight_decay(decay);
    let (mut on_train, mut on_held_out) = (Vec::new(), Vec::new());
    for _ in 0..args.epochs {
        book::train(&mut model, &mut optimizer, train, 100, train.len() / 100, &mut rng);
        on_train.push(book::accuracy(&model, train));
        on_held_out.push(book::accuracy(&model, held_out));
    }
    Trial { rate, decay, on_train, on_held_out }
}

fn chart(i: usize, trial: &Trial) -> Chart {
    let accuracy = Axis { range: Some((0.0, 1.0)), ..Axis::linear("accuracy") };
    Chart {
        frame: Frame::new(
            format!("{}: rate {:.5}", i + 1, trial.rate),
            Axis::linear("epoch"),
            accuracy,
        ),
        series: vec![
            Series::every("train", 1.0, &trial.on_train),
            Series::every("held out", 1.0, &trial.on_held_out),
        ],
    }
}
