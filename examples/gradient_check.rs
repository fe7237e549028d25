//! Gradients by back-propagation against numerical ones (book 1, chapter 5).

#[macro_use]
mod common;

use clap::Parser;
use common::book;
use formwork::data::{Batch, Classes, Grid};
use formwork::layer::{Plain, TensorVisitor};
use formwork::prelude::*;
use rand::SeedableRng;
use std::path::PathBuf;

/// Compares every gradient of a network of two layers on three digits with central differences,
/// in double precision.
#[derive(Parser)]
struct Args {
    /// Seed of the weights
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder with MNIST; the environment variable FORMWORK_DATA names it as well
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

network! {
    /// 784-50-10.
    pub struct TwoLayerNet: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<50>(Init::Normal(0.01)),
        Relu,
        fc2: Dense<10>(Init::Normal(0.01)),
    }
}

fn main() -> common::Result {
    let args = Args::parse();
    let (digits, _) = book::digits_in(args.data.as_deref())?;
    let digits = digits.take(3);
    let x: Vec<f64> = digits.inputs().data().iter().map(|&x| f64::from(x)).collect();
    let x = Batch::<Grid<1, 28, 28>, f64>::from_vec(x)?;
    let t = Batch::<Classes<10>, f64>::from_vec(digits.targets().data().to_vec())?;

    let mut model = Model::<TwoLayerNet, f64>::new(&mut Generator::seed_from_u64(args.seed));
    let mut workspace = Workspace::<TwoLayerNet, f64>::new(3, 1);
    let loss = SoftmaxCrossEntropy::default();
    let mut step = workspace.forward(&mut model, &x);
    step.loss(&loss, &t);
    let analytic = step.backward().to_vec();

    const H: f64 = 1e-4;
    let mut numerical = Vec::with_capacity(analytic.len());
    for i in 0..analytic.len() {
        let mut at = |offset: f64| {
            model.parameters_mut()[i] += offset;
            let value = workspace.forward(&mut model, &x).loss(&loss, &t);
            model.parameters_mut()[i] -= offset;
            value
        };
        numerical.push((at(H) - at(-H)) / (2.0 * H));
    }

    println!("mean absolute difference of {} gradients on three digits:", analytic.len());
    type Params =
        <TwoLayerNet as formwork::layer::Layer<<TwoLayerNet as Network>::Input>>::Params<f64>;
    Params::tensors(&mut TensorVisitor::new(&mut |name, _, place| {
        let (a, n) = (&analytic[place.clone()], &numerical[place]);
        let difference = a.iter().zip(n).map(|(a, n)| (a - n).abs()).sum::<f64>() / a.len() as f64;
        println!("  {name:11} {difference:.1e}");
    }));
    println!("the book:\n  fc1.weight  1.8e-6\n  fc2.weight  6.2e-9");
    Ok(())
}
