//! Six optimisers, on a long valley and on digits (book 1, chapter 6).

#[path = "book/mod.rs"]
mod book;

use clap::Parser;
use formwork::optim::{AdaGrad, Adam, Momentum, Nesterov, Optimizer, RmsProp, Sgd};
use formwork::plot::{self, Axis, Frame, Series};
use formwork::prelude::*;
use rand::SeedableRng;

/// Compares optimisers: their ways down f(x, y) = x^2 / 20 + y^2, and their losses on digits.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: book::Flags,
    /// Training steps on the digits.
    #[arg(long, default_value_t = 2000)]
    steps: usize,
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
        fc5: Dense<10>,
    }
}

fn main() -> book::Result {
    let args = Args::parse();
    args.flags.prepare()?;
    valley(&args)?;
    digits(&args)
}

/// The ways of the optimisers from (-7, 2) in 30 steps.
fn valley(args: &Args) -> book::Result {
    let optimizers: [(_, Box<dyn Optimizer<f64>>, _); 6] = [
        ("SGD", Box::new(Sgd::new(0.95)), Some((-0.350393, 0.084782))),
        ("Momentum", Box::new(Momentum::new(0.1)), Some((0.896414, 0.088086))),
        ("Nesterov", Box::new(Nesterov::new(0.1)), None),
        ("AdaGrad", Box::new(AdaGrad::new(1.5)), Some((-0.120162, 0.0))),
        ("RMSProp", Box::new(RmsProp::new(0.3)), None),
        ("Adam", Box::new(Adam::new(0.3)), Some((0.136007, 0.318245))),
    ];
    let mut ways = Vec::new();
    println!("where 30 steps lead from (-7, 2):");
    for (name, mut optimizer, book) in optimizers {
        let mut at = [-7.0, 2.0];
        let mut way = vec![at];
        for _ in 0..30 {
            optimizer.step(&mut at, &[way[way.len() - 1][0] / 10.0, 2.0 * way[way.len() - 1][1]]);
            way.push(at);
        }
        let book = book.map_or(String::new(), |(x, y)| format!("   book ({x:.6}, {y:.6})"));
        println!("  {name:9} ({:9.6}, {:9.6}){book}", at[0], at[1]);
        ways.push(Series { markers: true, ..Series::path(name, &way) });
    }
    let picture = args.flags.picture("optimizers_valley.svg");
    let axis = |label, end: f64| Axis { range: Some((-end, end)), ..Axis::linear(label) };
    let frame = Frame::new("Ways down x^2 / 20 + y^2", axis("x", 10.0), axis("y", 5.0));
    plot::paths(&picture, |[x, y]| x * x / 20.0 + y * y, &ways, &frame)?;
    println!("{}", picture.display());
    Ok(())
}

/// Losses on digits, batch 128, all from the same weights.
fn digits(args: &Args) -> book::Result {
    let (data, _) = args.flags.digits()?;
    let optimizers: [(_, Box<dyn Optimizer<f32>>, _); 6] = [
        ("SGD", Box::new(Sgd::new(0.01)), Some(0.150)),
        ("Momentum", Box::new(Momentum::new(0.01)), Some(0.050)),
        ("Nesterov", Box::new(Nesterov::new(0.01)), None),
        ("AdaGrad", Box::new(AdaGrad::new(0.01)), Some(0.016)),
        ("RMSProp", Box::new(RmsProp::new(0.001)), None),
        ("Adam", Box::new(Adam::new(0.001)), Some(0.032)),
    ];
    let mut curves = Vec::new();
    println!("mean loss of the last hundred of {} steps on digits:", args.steps);
    for (name, mut optimizer, book) in optimizers {
        let mut rng = Generator::seed_from_u64(args.flags.seed);
        let mut model = Model::<FiveLayers>::new(&mut rng);
        let losses = book::train(&mut model, &mut *optimizer, &data, 128, args.steps, &mut rng);
        let last = &losses[losses.len().saturating_sub(100)..];
        let mean = last.iter().sum::<f32>() / last.len() as f32;
        let book = book
            .map_or(String::new(), |loss| format!("   book, one batch at step 1900: {loss:.3}"));
        println!("  {name:9} {mean:.3}{book}");
        curves.push(Series::every(name, 1.0, &losses).smoothed(20));
    }
    let picture = args.flags.picture("optimizers_digits.svg");
    plot::lines(
        &picture,
        &curves,
        &Frame::new("Optimisers on digits", Axis::linear("step"), Axis::log("loss")),
    )?;
    println!("{}", picture.display());
    Ok(())
}
