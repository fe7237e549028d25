//! Overfitting on 300 digits, and what weight decay and dropout do against it (book 1, chapter 6).

#[path = "book/mod.rs"]
mod book;

use clap::Parser;
use formwork::optim::Sgd;
use formwork::plot::{self, Axis, Chart, Frame, Grid, Series};
use formwork::prelude::*;
use rand::SeedableRng;

/// Trains six hidden layers on 300 digits: plainly, with weight decay 0.1, with dropout 0.2.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: book::Flags,
    /// Epochs of each run (default: the book's 201, and 301 with dropout).
    #[arg(long)]
    epochs: Option<usize>,
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
        fc7: Dense<10>,
    }
}

fn main() -> book::Result {
    let args = Args::parse();
    args.flags.prepare()?;
    let (train, test) = args.flags.digits()?;
    let train = train.take(300);
    let runs = [
        run::<SevenLayers>(&args, "plain", Sgd::new(0.01), 201, (&train, &test), ""),
        run::<SevenLayers>(
            &args,
            "weight decay 0.1",
            Sgd::new(0.01).weight_decay(0.1),
            201,
            (&train, &test),
            "   book: train 0.9267, test 0.7207",
        ),
        run::<WithDropout>(
            &args,
            "dropout 0.2",
            Sgd::new(0.01),
            301,
            (&train, &test),
            "   book: train 0.67, test 0.5478",
        ),
    ];
    let picture = args.flags.picture("overfitting.svg");
    plot::charts(&picture, &runs, &Grid { title: "Training on 300 digits", columns: 3 })?;
    println!("{}", picture.display());
    Ok(())
}

/// Trains one network, and charts its accuracy on the digits that it saw and on others.
fn run<N: book::DigitNet>(
    args: &Args,
    name: &str,
    mut optimizer: Sgd<f32>,
    epochs: usize,
    (train, test): (&book::Digits, &book::Digits),
    book: &str,
) -> Chart {
    let mut rng = Generator::seed_from_u64(args.flags.seed);
    let mut model = Model::<N>::new(&mut rng);
    let (mut on_train, mut on_test) = (Vec::new(), Vec::new());
    for _ in 0..args.epochs.unwrap_or(epochs) {
        book::train(&mut model, &mut optimizer, train, 100, train.len() / 100, &mut rng);
        on_train.push(book::accuracy(&model, train));
        on_test.push(book::accuracy(&model, test));
    }
    if let (Some(on_train), Some(on_test)) = (on_train.last(), on_test.last()) {
        println!("{name:17} train {on_train:.4}, test {on_test:.4}{book}");
    }
    let accuracy = Axis { range: Some((0.0, 1.0)), ..Axis::linear("accuracy") };
    Chart {
        frame: Frame::new(name, Axis::linear("epoch"), accuracy),
        series: vec![Series::every("train", 1.0, &on_train), Series::every("test", 1.0, &on_test)],
    }
}
