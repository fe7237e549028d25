//! The first networks of book 1: three layers with sigmoids (chapter 3), two layers with ReLU and
//! plain gradient descent (chapters 4 and 5).

#[macro_use]
mod common;

use clap::Parser;
use common::book;
use formwork::optim::Sgd;
use formwork::plot::{Axis, Chart, Series};
use formwork::prelude::*;
use rand::SeedableRng;
use std::path::Path;

/// Trains a network of two layers on digits, and one of three, for 10,000 steps each unless a
/// number of epochs is given.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: common::Flags,
}

network! {
    /// 784-50-10.
    pub struct TwoLayerNet: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<50>(Init::Normal(0.01)),
        Relu,
        fc2: Dense<10>(Init::Normal(0.01)),
    }
}

network! {
    /// 784-50-100-10.
    pub struct ThreeLayerNet: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<50>,
        Sigmoid,
        fc2: Dense<100>,
        Sigmoid,
        fc3: Dense<10>,
    }
}

fn main() -> common::Result {
    let Args { flags } = Args::parse();
    let out = flags.prepare("two_layer_net")?;
    let (train, test) = flags.digits()?;
    let steps = flags.steps(10_000, train.len() / BATCH);
    let mut rng = Generator::seed_from_u64(flags.seed);
    two_layers(&out, steps, &train, &test, &mut rng)?;
    three_layers(steps, &train, &test, &mut rng);
    Ok(())
}

/// Digits in a step.
const BATCH: usize = 100;

/// Learning digits, with the accuracy after each epoch (chapters 4 and 5).
fn two_layers(
    out: &Path,
    steps: usize,
    train: &book::Digits,
    test: &book::Digits,
    rng: &mut Generator,
) -> common::Result {
    println!("{}", TwoLayerNet::summary());
    let mut model = Model::<TwoLayerNet>::new(rng);
    let (mut on_train, mut on_test) = (Vec::new(), Vec::new());
    let (epoch, mut taken) = (train.len() / BATCH, 0);
    loop {
        on_train.push(book::accuracy(&model, train));
        on_test.push(book::accuracy(&model, test));
        if taken == steps {
            break;
        }
        let now = epoch.min(steps - taken);
        book::train(&mut model, &mut Sgd::new(0.1), train, BATCH, now, rng);
        taken += now;
    }
    let [train, test] = [&on_train, &on_test].map(|accuracies| accuracies[accuracies.len() - 1]);
    println!("two layers, {steps} steps:   train {train:.5}, test {test:.4}");
    println!("the book, 10000 steps:   train 0.97787, test 0.969");
    let picture = out.join("learning_curve.svg");
    // Without the start, which would leave the rest little room.
    Chart::new("Two layers on digits", Axis::linear("epoch"), Axis::linear("accuracy"))
        .lines(&[
            Series::every("train", 1.0, &on_train[1..]),
            Series::every("test", 1.0, &on_test[1..]),
        ])
        .save(&picture)?;
    println!("{}\n", picture.display());
    Ok(())
}

/// Reading digits in batches of a hundred (chapter 3), with weights of our own.
fn three_layers(steps: usize, train: &book::Digits, test: &book::Digits, rng: &mut Generator) {
    println!("{}", ThreeLayerNet::summary());
    let mut model = Model::<ThreeLayerNet>::new(rng);
    book::train(&mut model, &mut Sgd::new(0.5), train, BATCH, steps, rng);
    println!("three layers, {steps} steps: test {:.4}", book::accuracy(&model, test));
    println!("the book, its weights:   test 0.9352");
}
