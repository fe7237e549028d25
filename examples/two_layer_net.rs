//! The first networks of book 1: three layers with sigmoids (chapter 3), two layers with ReLU and
//! plain gradient descent (chapters 4 and 5).

#[path = "book/mod.rs"]
mod book;

use clap::Parser;
use formwork::data::Batches;
use formwork::optim::Sgd;
use formwork::plot::{self, Axis, Frame, Series};
use formwork::prelude::*;
use rand::SeedableRng;

/// Trains a network of two layers on digits, and one of three.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: book::Flags,
    /// Training steps, of 100 digits each.
    #[arg(long, default_value_t = 10_000)]
    steps: usize,
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

fn main() -> book::Result {
    let args = Args::parse();
    args.flags.prepare()?;
    let (train, test) = args.flags.digits()?;
    let mut rng = Generator::seed_from_u64(args.flags.seed);

    let mut model = Model::<TwoLayerNet>::new(&mut rng);
    print!("{}", TwoLayerNet::summary());
    // An epoch of the book: as many steps as make up the training set.
    let epoch = (train.len() / 100).min(args.steps).max(1);
    let (mut losses, mut on_train, mut on_test) = (Vec::new(), Vec::new(), Vec::new());
    while losses.len() < args.steps {
        on_train.push(book::accuracy(&model, &train));
        on_test.push(book::accuracy(&model, &test));
        let steps = epoch.min(args.steps - losses.len());
        losses.extend(book::train(&mut model, &mut Sgd::new(0.1), &train, 100, steps, &mut rng));
    }
    on_train.push(book::accuracy(&model, &train));
    on_test.push(book::accuracy(&model, &test));
    let last = on_train.len() - 1;
    println!(
        "two layers, {} steps: train {:.5}, test {:.4}",
        args.steps, on_train[last], on_test[last]
    );
    println!("book, 10,000 steps:   train 0.97787, test 0.969");
    let picture = args.flags.picture("two_layer_net.svg");
    let curves = [Series::every("train", 1.0, &on_train), Series::every("test", 1.0, &on_test)];
    plot::lines(
        &picture,
        &curves,
        &Frame::new("Two layers on digits", Axis::linear("epoch"), Axis::linear("accuracy")),
    )?;
    println!("{}", picture.display());

    let mut model = Model::<ThreeLayerNet>::new(&mut rng);
    book::train(&mut model, &mut Sgd::new(0.5), &train, 100, args.steps, &mut rng);
    // Chapter 3: the test set goes through in batches of 100.
    let mut inference = Inference::<ThreeLayerNet>::new(100);
    let mut batches = Batches::new(100);
    let mut epoch = batches.in_order(&test);
    let mut right = 0;
    while let Some((x, t)) = epoch.next_batch() {
        let y = inference.run(&model, x);
        right += y
            .chunks_exact(10)
            .zip(t.data())
            .filter(|(y, t)| book::argmax(y) == **t as usize)
            .count();
    }
    println!(
        "three layers with sigmoids, {} steps: test {:.4}   book, with its shipped weights: 0.9352",
        args.steps,
        right as f64 / test.len() as f64
    );
    Ok(())
}
