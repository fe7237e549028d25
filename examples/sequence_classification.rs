//! Which of eight tokens began a sequence of twenty random ones? A network that sees each token
//! alone can only guess, and is right once in eight times; recurrent ones remember.

#[macro_use]
mod common;

use clap::Parser;
use common::progress::Epoch;
use formwork::data::{Batch, Classes, Tokens};
use formwork::metrics::ConfusionMatrix;
use formwork::optim::{Adam, Optimizer, clip};
use formwork::prelude::*;
use nalgebra::Const;
use rand::{RngExt, SeedableRng};

/// Learns to tell which token a sequence began with, by a network without a memory and by three
/// with one.
#[derive(Parser)]
struct Args {
    /// Seed of all random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads to compute on; there is little to share
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=common::MOST_THREADS))]
    threads: u16,
    /// Times to train on 100 batches
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u16).range(1..))]
    epochs: u16,
}

/// Kinds of tokens.
const KINDS: usize = 8;
/// Tokens in the longest sequence.
const STEPS: usize = 20;
/// Sequences in a batch.
const LANES: usize = 64;

network! {
    struct Memoryless: Token<KINDS> => Vector<KINDS> {
        embed: Embedding<KINDS>(Init::Normal(1.0)), fc1: Dense<64>, Tanh, LastStep, fc2: Dense<KINDS>,
    }
}
network! {
    struct WithRnn: Token<KINDS> => Vector<KINDS> {
        embed: Embedding<KINDS>(Init::Normal(1.0)), rnn: Rnn<64>, LastStep, fc: Dense<KINDS>,
    }
}
network! {
    struct WithLstm: Token<KINDS> => Vector<KINDS> {
        embed: Embedding<KINDS>(Init::Normal(1.0)), lstm: Lstm<64>, LastStep, fc: Dense<KINDS>,
    }
}
network! {
    struct WithGru: Token<KINDS> => Vector<KINDS> {
        embed: Embedding<KINDS>(Init::Normal(1.0)), gru: Gru<64>, LastStep, fc: Dense<KINDS>,
    }
}

fn main() -> common::Result {
    let args = Args::parse();
    rayon::ThreadPoolBuilder::new().num_threads(args.threads.into()).build_global()?;
    run::<Memoryless>(&args)?;
    run::<WithRnn>(&args)?;
    run::<WithLstm>(&args)?;
    run::<WithGru>(&args)
}

/// Trains a network, and shows how many of new sequences it gets right after each epoch.
fn run<N>(args: &Args) -> common::Result
where
    N: Network<Sample = Tokens<KINDS>, Outputs = Const<KINDS>>,
{
    println!("{}: {} parameters", N::NAME, N::PARAMETERS);
    let mut rng = Generator::seed_from_u64(args.seed);
    let mut model = Model::<N>::new(&mut rng);
    let mut workspace = Workspace::<N>::with_lanes(STEPS * LANES, LANES, args.seed);
    let (mut adam, loss) = (Adam::new(0.01), SoftmaxCrossEntropy::new());
    for epoch in 0..usize::from(args.epochs) {
        let mut shown = Epoch::new(epoch, args.epochs.into(), 100);
        for _ in 0..100 {
            // Through twenty steps the gradient vanishes at first: shorter sequences show the way.
            let (x, t) = sequences(rng.random_range(1..=STEPS), LANES, &mut rng)?;
            workspace.reset();
            let mut step = workspace.forward(&mut model, &x);
            let value = step.loss(&loss, &t);
            let gradient = step.backward();
            let factor = clip::factor(clip::norm(gradient)?, 1.0);
            adam.step_scaled(model.parameters_mut(), gradient, factor);
            shown.step(|_, _| format!("loss {value:.4}"));
        }
        let (x, t) = sequences(STEPS, 1000, &mut rng)?;
        let mut confusion = ConfusionMatrix::<KINDS>::new();
        confusion.update(Inference::<N>::with_lanes(STEPS * 1000, 1000).run(&model, &x), &t);
        shown.end(&format!("{:5.1} % right", 100.0 * confusion.accuracy()));
    }
    Ok(())
}

/// Sequences side by side of so many random tokens, and the token that each begins with.
fn sequences(
    steps: usize,
    lanes: usize,
    rng: &mut Generator,
) -> common::Result<(Batch<Tokens<KINDS>>, Batch<Classes<KINDS>>)> {
    let ids: Vec<u32> = (0..steps * lanes).map(|_| rng.random_range(0..KINDS as u32)).collect();
    let first = ids[..lanes].to_vec();
    Ok((Batch::from_vec(ids)?, Batch::from_vec(first)?))
}
