//! Batch normalisation makes training insensitive to the scale of initial weights (book 1,
//! chapter 6).

#[macro_use]
mod common;

use clap::Parser;
use common::book;
use formwork::optim::Sgd;
use formwork::plot::{Axis, Chart, Figure};
use formwork::prelude::*;
use rand::SeedableRng;

/// Trains a network of five hidden layers with and without batch normalisation, from weights of
/// sixteen scales between 1 and 1e-4, on a thousand digits, for 20 epochs.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: common::Flags,
}

network! {
    /// Five hidden layers of 100.
    pub struct Without: Image<1, 28, 28> => Vector<10> {
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
        fc6: Dense<10>,
    }
}

network! {
    /// The same with batch normalisation; the book adds 1e-6 to variances.
    pub struct With: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<100>,
        BatchNorm(1e-6),
        Relu,
        fc2: Dense<100>,
        BatchNorm(1e-6),
        Relu,
        fc3: Dense<100>,
        BatchNorm(1e-6),
        Relu,
        fc4: Dense<100>,
        BatchNorm(1e-6),
        Relu,
        fc5: Dense<100>,
        BatchNorm(1e-6),
        Relu,
        fc6: Dense<10>,
    }
}

fn main() -> common::Result {
    let Args { flags } = Args::parse();
    let out = flags.prepare("batch_norm")?;
    let (train, _) = flags.digits()?;
    let (train, epochs) = (train.take(1000), flags.epochs(20));
    let mut charts = Vec::new();
    println!("accuracy on the training digits after {epochs} epochs");
    println!("  {:>8}  {:>7}  {:>7}", "std", "with", "without");
    for i in 0..16 {
        let std = 10f64.powf(-4.0 * f64::from(i) / 15.0);
        let with = curve::<With>(flags.seed, epochs, &train, std);
        let without = curve::<Without>(flags.seed, epochs, &train, std);
        println!("  {std:8.5}  {:7.3}  {:7.3}", with[epochs], without[epochs]);
        let accuracy = Axis::linear("accuracy").range(0.0, 1.0);
        let chart = Chart::new(format!("std {std:.5}"), Axis::linear("epoch"), accuracy);
        charts.push(chart.lines(&[
            book::from_start("with batch normalisation", &with),
            book::from_start("without", &without),
        ]));
    }
    let picture = out.join("learning_curves.svg");
    Figure::new("Batch normalisation", charts).columns(4).save(&picture)?;
    println!("{}", picture.display());
    Ok(())
}

/// The accuracy on the training digits after each epoch, from weights of one scale.
fn curve<N: book::DigitNet>(seed: u64, epochs: usize, data: &book::Digits, std: f64) -> Vec<f64> {
    let mut rng = Generator::seed_from_u64(seed);
    let mut model = Model::<N>::new(&mut rng);
    book::reset_weights(&mut model, Init::Normal(std), &mut rng);
    let mut accuracies = vec![book::accuracy(&model, data)];
    for _ in 0..epochs {
        book::train(&mut model, &mut Sgd::new(0.01), data, 100, data.len() / 100, &mut rng);
        accuracies.push(book::accuracy(&model, data));
    }
    accuracies
}
