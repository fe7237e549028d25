//! Batch normalisation makes training insensitive to the scale of initial weights (book 1,
//! chapter 6).

#[path = "book/mod.rs"]
mod book;

use clap::Parser;
use formwork::optim::Sgd;
use formwork::plot::{self, Axis, Chart, Frame, Grid, Series};
use formwork::prelude::*;
use rand::SeedableRng;

/// Trains a network of five hidden layers with and without batch normalisation, from weights of
/// sixteen scales between 1 and 1e-4, on a thousand digits.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: book::Flags,
    /// Passes over the thousand digits.
    #[arg(long, default_value_t = 20)]
    epochs: usize,
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
    /// The same with batch normalisation.
    pub struct With: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<100>,
        BatchNorm,
        Relu,
        fc2: Dense<100>,
        BatchNorm,
        Relu,
        fc3: Dense<100>,
        BatchNorm,
        Relu,
        fc4: Dense<100>,
        BatchNorm,
        Relu,
        fc5: Dense<100>,
        BatchNorm,
        Relu,
        fc6: Dense<10>,
    }
}

fn main() -> book::Result {
    let args = Args::parse();
    args.flags.prepare()?;
    let (train, _) = args.flags.digits()?;
    let train = train.take(1000);
    let mut charts = Vec::new();
    println!("accuracy on the training digits after {} epochs", args.epochs);
    println!("  {:>8}  {:>7}  {:>7}", "std", "with", "without");
    for i in 0..16 {
        let std = 10f64.powf(-4.0 * f64::from(i) / 15.0);
        let with = curve::<With>(&args, &train, std);
        let without = curve::<Without>(&args, &train, std);
        println!("  {std:8.5}  {:7.3}  {:7.3}", with[args.epochs], without[args.epochs]);
        let accuracy = Axis { range: Some((0.0, 1.0)), ..Axis::linear("accuracy") };
        charts.push(Chart {
            frame: Frame::new(format!("std {std:.5}"), Axis::linear("epoch"), accuracy),
            series: vec![
                Series::every("with batch normalisation", 1.0, &with),
                Series::every("without", 1.0, &without),
            ],
        });
    }
    let picture = args.flags.picture("batch_norm.svg");
    plot::charts(&picture, &charts, &Grid { title: "Batch normalisation", columns: 4 })?;
    println!("{}", picture.display());
    Ok(())
}

/// The accuracy on the training digits after each epoch, from weights of one scale.
fn curve<N: book::DigitNet>(args: &Args, data: &book::Digits, std: f64) -> Vec<f64> {
    let mut rng = Generator::seed_from_u64(args.flags.seed);
    let mut model = Model::<N>::new(&mut rng);
    book::reset_weights(&mut model, Init::Normal(std), &mut rng);
    let mut accuracies = vec![book::accuracy(&model, data)];
    for _ in 0..args.epochs {
        book::train(&mut model, &mut Sgd::new(0.01), data, 100, data.len() / 100, &mut rng);
        accuracies.push(book::accuracy(&model, data));
    }
    accuracies
}
