//! Six optimisers, on a long valley and on digits (book 1, chapter 6).

#[macro_use]
mod common;

use clap::Parser;
use common::book;
use formwork::optim::{AdaGrad, Adam, Momentum, Nesterov, Optimizer, RmsProp, Sgd};
use formwork::plot::{Axis, Chart, Series};
use formwork::prelude::*;
use rand::SeedableRng;
use std::path::Path;

/// Compares optimisers: their ways down f(x, y) = x^2 / 20 + y^2, and their losses in 2000 steps on
/// digits, unless a number of epochs is given.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: common::Flags,
}

network! {
    /// Four hidden layers of 100.
    pub struct FiveLayers: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<100>,
        Relu,
        fc2: Dense<100>,
        Relu,
        fc3: Dense<100>,
        Relu,
        fc4: Dense<100>,
        Relu,
        fc5: Dense<10>(Init::He),
    }
}

fn main() -> common::Result {
    let Args { flags } = Args::parse();
    let out = flags.prepare("optimizers")?;
    valley(&out)?;
    digits(&flags, &out)
}

/// The ways of the optimisers from (-7, 2) in 30 steps.
fn valley(out: &Path) -> common::Result {
    let optimizers: [(_, Box<dyn Optimizer<f64>>, _); 6] = [
        ("SGD", Box::new(Sgd::new(0.95)), Some((-0.350393, 0.084782))),
        ("Momentum", Box::new(Momentum::new(0.1)), Some((0.896414, 0.088086))),
        ("Nesterov", Box::new(Nesterov::new(0.1)), None),
        ("AdaGrad", Box::new(AdaGrad::new(1.5)), Some((-0.120162, 0.0))),
        ("RMSProp", Box::new(RmsProp::new(0.3)), None),
        ("Adam", Box::new(Adam::new(0.3)), Some((0.136007, 0.318245))),
    ];
    let mut ways = Vec::new();
    println!("where 30 steps lead from (-7, 2)    the book");
    for (name, mut optimizer, book) in optimizers {
        let mut at = [-7.0, 2.0];
        let mut way = vec![at];
        for _ in 0..30 {
            optimizer.step(&mut at, &[way[way.len() - 1][0] / 10.0, 2.0 * way[way.len() - 1][1]]);
            way.push(at);
        }
        let book = book.map_or(String::new(), |(x, y)| format!("   ({x:9.6}, {y:9.6})"));
        println!("  {name:9} ({:9.6}, {:9.6}){book}", at[0], at[1]);
        ways.push(Series::path(name, &way));
    }
    let picture = out.join("valley.svg");
    let (x, y) = (Axis::linear("x").range(-8.0, 3.0), Axis::linear("y").range(-3.0, 3.0));
    Chart::new("Ways down x^2 / 20 + y^2", x, y)
        .paths(|[x, y]| x * x / 20.0 + y * y, &ways)
        .save(&picture)?;
    println!("{}\n", picture.display());
    Ok(())
}

/// Losses on digits, batch 128, all from the same weights and on the same batches.
fn digits(flags: &common::Flags, out: &Path) -> common::Result {
    let (data, _) = flags.digits()?;
    let steps = flags.steps(2000, data.len() / 128);
    let optimizers: [(_, Box<dyn Optimizer<f32>>, _); 6] = [
        ("SGD", Box::new(Sgd::new(0.01)), "0.150"),
        ("Momentum", Box::new(Momentum::new(0.01)), "0.050"),
        ("Nesterov", Box::new(Nesterov::new(0.01)), ""),
        ("AdaGrad", Box::new(AdaGrad::new(0.01)), "0.016"),
        ("RMSProp", Box::new(RmsProp::new(0.001)), ""),
        ("Adam", Box::new(Adam::new(0.001)), "0.032"),
    ];
    let mut curves = Vec::new();
    println!("losses of the last hundred of {steps} steps on digits");
    println!("            mean    least to largest    the book's at step 1900");
    for (name, mut optimizer, book) in optimizers {
        let mut rng = Generator::seed_from_u64(flags.seed);
        let mut model = Model::<FiveLayers>::new(&mut rng);
        let losses = book::train(&mut model, &mut *optimizer, &data, 128, steps, &mut rng);
        let book::Spread { mean, least, largest } = book::Spread::of_last(&losses, 100);
        println!("  {name:9} {mean:.3}   {least:.3} to {largest:.3}      {book}");
        curves.push(Series::every(name, 1.0, &losses).smoothed(20));
    }
    let picture = out.join("digits.svg");
    Chart::new("Optimisers on digits", Axis::linear("step"), Axis::log("loss"))
        .lines(&curves)
        .save(&picture)?;
    println!("{}", picture.display());
    Ok(())
}
