//! Overfitting on 300 digits, and what weight decay and dropout do against it (book 1, chapter 6).

#[macro_use]
mod common;

use clap::Parser;
use common::book::{self, Spread};
use formwork::optim::Sgd;
use formwork::plot::{Axis, Chart, Figure, Series};
use formwork::prelude::*;
use rand::SeedableRng;
use rayon::prelude::*;

/// Trains six hidden layers on 300 digits: plainly and with weight decay 0.1 for 201 epochs, with
/// dropout 0.2 for 301, unless a number of epochs is given.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: common::Flags,
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

network! {
    /// The same with dropout.
    pub struct WithDropout: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<100>,
        Relu,
        Dropout(0.2),
        fc2: Dense<100>,
        Relu,
        Dropout(0.2),
        fc3: Dense<100>,
        Relu,
        Dropout(0.2),
        fc4: Dense<100>,
        Relu,
        Dropout(0.2),
        fc5: Dense<100>,
        Relu,
        Dropout(0.2),
        fc6: Dense<100>,
        Relu,
        Dropout(0.2),
        fc7: Dense<10>(Init::He),
    }
}

/// Each network is trained from as many seeds, since they differ by as much as a tenth.
const SEEDS: u64 = 5;
/// How many epochs lie between two points of the curves.
const EVERY: usize = 10;

fn main() -> common::Result {
    let Args { flags } = Args::parse();
    let out = flags.prepare("overfitting")?;
    let (train, test) = flags.digits()?;
    let data = (&train.take(300), &test);
    println!("accuracy by {SEEDS} seeds: mean (least to largest)");
    let (plain, decayed) = (Sgd::new(0.01), Sgd::new(0.01).weight_decay(0.1));
    let charts = [
        run::<SevenLayers>(&flags, ("plain", None), &plain, 201, data),
        run::<SevenLayers>(
            &flags,
            ("weight decay 0.1", Some([0.9267, 0.7207])),
            &decayed,
            201,
            data,
        ),
        run::<WithDropout>(&flags, ("dropout 0.2", Some([0.67, 0.5478])), &plain, 301, data),
    ];
    let picture = out.join("learning_curves.svg");
    Figure::new("Training on 300 digits", charts.into()).save(&picture)?;
    println!("{}", picture.display());
    Ok(())
}

/// Trains a network from each seed, and charts its mean accuracy on the digits that it sees and on
/// others.
fn run<N: book::DigitNet>(
    flags: &common::Flags,
    (name, book): (&str, Option<[f64; 2]>),
    optimizer: &Sgd<f32>,
    epochs: usize,
    (train, test): (&book::Digits, &book::Digits),
) -> Chart {
    let epochs = flags.epochs(epochs);
    let seeds: Vec<u64> = (0..SEEDS).map(|i| flags.seed.wrapping_add(i)).collect();
    let runs: Vec<_> = seeds
        .into_par_iter()
        .map(|seed| accuracies::<N>(seed, epochs, optimizer.clone(), (train, test)))
        .collect();
    println!("{name}");
    for (i, of) in ["train", "test "].into_iter().enumerate() {
        let last: Vec<f32> = runs.iter().map(|run| run[run.len() - 1].1[i] as f32).collect();
        let Spread { mean, least, largest } = Spread::of_last(&last, last.len());
        let book = book.map_or(String::new(), |book| format!("   the book: {:.4}", book[i]));
        println!("  {of}  {mean:.4} ({least:.4} to {largest:.4}){book}");
    }
    let x: Vec<f64> = runs[0].iter().map(|(epoch, _)| *epoch as f64).collect();
    let series = ["train", "test"].into_iter().enumerate().map(|(i, of)| {
        let at = |at: usize| runs.iter().map(|run| run[at].1[i]).sum::<f64>() / runs.len() as f64;
        Series::new(of, &x, &(0..x.len()).map(at).collect::<Vec<f64>>())
    });
    let accuracy = Axis::linear("accuracy").range(0.0, 1.0);
    Chart::new(name, Axis::linear("epoch"), accuracy).lines(&series.collect::<Vec<_>>())
}

/// The accuracies on training and test digits, after some of the epochs and the last one.
fn accuracies<N: book::DigitNet>(
    seed: u64,
    epochs: usize,
    mut optimizer: Sgd<f32>,
    (train, test): (&book::Digits, &book::Digits),
) -> Vec<(usize, [f64; 2])> {
    let mut rng = Generator::seed_from_u64(seed);
    let mut model = Model::<N>::new(&mut rng);
    let mut measured = Vec::new();
    for epoch in 0..=epochs {
        if epoch % EVERY == 0 || epoch == epochs {
            measured.push((epoch, [train, test].map(|data| book::accuracy(&model, data))));
        }
        if epoch < epochs {
            book::train(&mut model, &mut optimizer, train, 100, train.len() / 100, &mut rng);
        }
    }
    measured
}
