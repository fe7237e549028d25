//! Handwritten digits, learnt by several processes.
//!
//! ```text
//! cd mpi && cargo build --release --example digits
//! mpirun -n 4 target/release/examples/digits                 # 1,797 small digits, in this program
//! mpirun -n 4 target/release/examples/digits --data DIR      # MNIST
//! mpirun -n 2 target/release/examples/digits --resume        # goes on where it was interrupted
//! ```

use clap::Parser;
use formwork::data::{Classes, Dataset, Grid, RandomAffine, digits, mnist};
use formwork::optim::AdamW;
use formwork::optim::schedule::Cosine;
use formwork::prelude::*;
use formwork::train::{Communicator, Trainer};
use formwork_mpi::World;
use rand::SeedableRng;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

/// Trains a network on handwritten digits, by all processes that mpirun starts.
#[derive(Parser)]
struct Args {
    /// Times to go through the training set
    #[arg(long, default_value_t = 20)]
    epochs: usize,
    /// Epochs over which the learning rate falls [default: all]
    #[arg(long)]
    horizon: Option<usize>,
    /// Groups of samples in a batch, which the processes share
    #[arg(long, default_value_t = 8, value_parser = power_of_two)]
    groups: usize,
    /// Threads of each process
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Seed of all random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder with MNIST
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder for weights and the checkpoint
    #[arg(long, value_name = "DIR", default_value = "target/digits")]
    out: PathBuf,
    /// Goes on after the last epoch of an earlier training with the same settings, by any number of
    /// processes
    #[arg(long)]
    resume: bool,
}

fn power_of_two(text: &str) -> Result<usize, String> {
    let number = text.parse::<usize>().ok().filter(|number| number.is_power_of_two());
    number.ok_or_else(|| "expected a power of two".into())
}

network! {
    /// Has a layer that draws, and one with statistics.
    struct Net<Side>: Image<1, Side, Side> => Vector<10> {
        conv: Conv2d<16, 3, pad = 1>,
        BatchNorm,
        Relu,
        MaxPool<2>,
        fc1: Dense<128>,
        Relu,
        Dropout(0.3),
        fc2: Dense<10>,
    }
}
network! { struct Small: Image<1, 8, 8> => Vector<10> { net: Net<8> } }
network! { struct Large: Image<1, 28, 28> => Vector<10> { net: Net<28> } }

/// Images of so many rows and columns, each of a digit.
type Digits<const SIDE: usize> = Dataset<Grid<1, SIDE, SIDE>, Classes<10>>;

fn main() -> ExitCode {
    let args = Args::parse();
    formwork_mpi::run(|world| {
        if let Some(folder) = &args.data {
            let mnist = mnist::load(folder)?;
            return train::<Large, 28>(&args, world, &mnist.train, &mnist.test);
        }
        let digits = digits::parse(include_bytes!("../../examples/data/digits.csv.gz"))?;
        let (train_set, test) = digits.split(0.8, &mut Generator::seed_from_u64(args.seed));
        train::<Small, 8>(&args, world, &train_set, &test)
    })
}

fn train<N, const SIDE: usize>(
    args: &Args,
    world: &World,
    train: &Digits<SIDE>,
    test: &Digits<SIDE>,
) -> Result<(), Box<dyn Error>>
where
    N: Network<Sample = Grid<1, SIDE, SIDE>, Outputs = formwork::nalgebra::Const<10>>,
{
    let first = world.rank() == 0;
    if first {
        std::fs::create_dir_all(&args.out)?;
        println!("{} processes, {} digits to train on", world.ranks(), train.len());
    }
    // The same on each rank.
    let mut rng = Generator::seed_from_u64(args.seed);
    let mut model = Model::<N>::new(&mut rng);
    let mut affine = RandomAffine::new().rotate(11.5).scale(0.1).shift(0.05 * SIDE as f64);
    let checkpoint = args.out.join("checkpoint.safetensors");
    let mut trainer = Trainer::new(AdamW::new(2e-3))
        .epochs(args.epochs)
        .batch_size(64)
        .groups(args.groups)
        .ranks(world)
        .threads(args.threads)
        .schedule(Cosine::new(args.horizon.unwrap_or(args.epochs) as f64))
        .augment(|images, rng| affine.apply(images, rng))
        .validate(test)
        .checkpoint(&checkpoint);
    if args.resume {
        trainer = trainer.resume(&checkpoint);
    }
    let loss = SoftmaxCrossEntropy::new();
    trainer.fit(&mut model, &loss, train, &mut rng)?;
    if first {
        let weights = args.out.join("weights.safetensors");
        model.save(&weights)?;
        println!("the weights are in {}", weights.display());
    }
    Ok(())
}
