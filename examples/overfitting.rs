//! Overfitting on 300 digits, and what weight decay and dropout do against it (book 1, chapter 6).

mod common;

use clap::Parser;
use common::book;
use formwork::optim::Sgd;
use formwork::plot::{self, Axis, Chart, Frame, Grid};
use formwork::prelude::*;
use rand::SeedableRng;

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

fn main() -> common::Result {
    let Args { flags } = Args::parse();
    let out = flags.prepare("overfitting")?;
    let (train, test) = flags.digits()?;
    let data = (&train.take(300), &test);
    println!("                  train   test     the book");
    let (plain, decayed) = (Sgd::new(0.01), Sgd::new(0.01).weight_decay(0.1));
    let charts = [
        run::<SevenLayers>(&flags, ("plain", ""), plain.clone(), 201, data),
        run::<SevenLayers>(&flags, ("weight decay 0.1", "0.9267, 0.7207"), decayed, 201, data),
        run::<WithDropout>(&flags, ("dropout 0.2", "0.67,   0.5478"), plain, 301, data),
    ];
    let picture = out.join("learning_curves.svg");
    plot::charts(&picture, &charts, &Grid { title: "Training on 300 digits", columns: 3 })?;
    println!("{}", picture.display());
    Ok(())
}

/// Trains one network, and charts its accuracy on the digits that it sees and on others.
fn run<N: book::DigitNet>(
    flags: &common::Flags,
    (name, book): (&str, &str),
    mut optimizer: Sgd<f32>,
    epochs: usize,
    (train, test): (&book::Digits, &book::Digits),
) -> Chart {
    let mut rng = Generator::seed_from_u64(flags.seed);
    let mut model = Model::<N>::new(&mut rng);
    let mut on_train = vec![book::accuracy(&model, train)];
    let mut on_test = vec![book::accuracy(&model, test)];
    for _ in 0..flags.epochs(epochs) {
        book::train(&mut model, &mut optimizer, train, 100, train.len() / 100, &mut rng);
        on_train.push(book::accuracy(&model, train));
        on_test.push(book::accuracy(&model, test));
    }
    let last = on_train.len() - 1;
    println!("{name:17} {:.4}, {:.4}   {book}", on_train[last], on_test[last]);
    let accuracy = Axis { range: Some((0.0, 1.0)), ..Axis::linear("accuracy") };
    Chart {
        frame: Frame::new(name, Axis::linear("epoch"), accuracy),
        series: vec![book::from_start("train", &on_train), book::from_start("test", &on_test)],
    }
}
