//! Handwritten digits, from the declaration of a network to its weights in a file.
//!
//! ```text
//! cargo run --release --example digits                  # 1,797 small digits, in this program
//! cargo run --release --example digits -- --data DIR    # MNIST
//! cargo run --release --example digits -- --resume      # goes on where it was interrupted
//! ```

#[macro_use]
mod common;
mod pictures;
#[path = "common/small_digits.rs"]
mod small_digits;

use clap::Parser;
use common::checkpoints::Checkpoints;
use formwork::data::{Classes, Dataset, Grid, RandomAffine, digits};
use formwork::metrics::ConfusionMatrix;
use formwork::optim::AdamW;
use formwork::optim::schedule::Cosine;
use formwork::prelude::*;
use formwork::train::{Evaluator, Trainer};
use nalgebra::Const;
use rand::SeedableRng;
use small_digits::SmallDigits;

/// Trains a network on handwritten digits, shows how it does on digits that it has not seen, and
/// saves its weights.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    checkpoints: Checkpoints,
    #[command(flatten)]
    flags: common::Flags,
}

network! {
    /// Reads the digits of MNIST.
    pub struct MnistDigits: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<512>,
        Relu,
        fc2: Dense<256>,
        Relu,
        fc3: Dense<10>,
    }
}

/// Images of so many rows and columns, each of a digit.
type Digits<const SIDE: usize> = Dataset<Grid<1, SIDE, SIDE>, Classes<10>>;

fn main() -> common::Result {
    let args = Args::parse();
    if let Some(mnist) = args.flags.mnist()? {
        return run::<MnistDigits, 28>(&args, 20, &mnist.train, &mnist.test);
    }
    let digits = digits::parse(include_bytes!("data/digits.csv.gz"))?;
    let (train, test) = digits.split(0.8, &mut Generator::seed_from_u64(args.flags.seed));
    run::<SmallDigits, 8>(&args, 200, &train, &test)
}

fn run<N, const SIDE: usize>(
    Args { checkpoints, flags }: &Args,
    epochs: usize,
    train: &Digits<SIDE>,
    test: &Digits<SIDE>,
) -> common::Result
where
    N: Network<Sample = Grid<1, SIDE, SIDE>, Outputs = Const<10>>,
{
    let (out, epochs) = (flags.prepare("digits")?, flags.epochs(epochs));
    println!("{}", N::summary());
    println!("{} digits to train on, {} others to test on", train.len(), test.len());

    let mut rng = Generator::seed_from_u64(flags.seed);
    let mut model = Model::<N>::new(&mut rng);
    let loss = SoftmaxCrossEntropy::default();
    let mut affine = RandomAffine::new().rotate(11.5).scale(0.15).shift(0.09 * SIDE as f64);
    let trainer = Trainer::new(AdamW::new(1e-3).weight_decay(0.1))
        .epochs(epochs)
        .batch_size(64)
        .schedule(Cosine::new(epochs as f64).warm_up(1.0))
        .augment(|images, rng| affine.apply(images, rng))
        .validate(test);
    let history = checkpoints.of(trainer, &out).fit(&mut model, &loss, train, &mut rng)?;
    let weights = out.join("digits.safetensors");
    model.save(&weights)?;
    history.save(out.join("history.csv"))?;

    let mut inference = Inference::<N>::new(test.len());
    let outputs = inference.run(&model, test.inputs());
    let mut confusion = ConfusionMatrix::<10>::new();
    confusion.update(outputs, test.targets());
    println!("\n{confusion}");
    pictures::mistakes(&out.join("mistakes.svg"), outputs.as_slice(), test)?;
    pictures::confusion(&out.join("confusion.svg"), &confusion)?;

    let loaded = Model::<N>::load(&weights)?;
    let evaluate = |model| Evaluator::new(1000).run(model, &loss, test);
    assert_eq!(
        evaluate(&loaded),
        evaluate(&model),
        "the weights in the file are those of the model"
    );
    println!("{} reads back to the same", weights.display());

    pictures::curves(&out.join("learning_curve.svg"), "Learning digits", &history)?;
    println!("pictures and history are in {}", out.display());
    Ok(())
}
