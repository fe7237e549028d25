//! What the scale of initial weights does (book 1, chapter 6): to the activations of five layers,
//! and to training.

#[macro_use]
mod common;

use clap::Parser;
use common::book;
use formwork::data::{Batch, Grid};
use formwork::optim::Sgd;
use formwork::plot::{Axis, Chart, Figure, Series};
use formwork::prelude::*;
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use std::path::Path;

/// Draws the activations of five layers for several scales of weights, and trains with three for
/// 2000 steps, unless a number of epochs is given.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: common::Flags,
}

network! {
    struct SigmoidLayer: Vector<100> => Vector<100> { fc: Dense<100>, Sigmoid }
}
network! {
    struct TanhLayer: Vector<100> => Vector<100> { fc: Dense<100>, Tanh }
}
network! {
    struct ReluLayer: Vector<100> => Vector<100> { fc: Dense<100>, Relu }
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

/// The scales; the book's "Xavier" looks at the inputs only, as LeCun's does.
const SCALES: [(&str, Init); 4] = [
    ("std 1", Init::Normal(1.0)),
    ("std 0.01", Init::Normal(0.01)),
    ("Xavier", Init::LeCun),
    ("He", Init::He),
];

fn main() -> common::Result {
    let Args { flags } = Args::parse();
    let out = flags.prepare("weight_init")?;
    activations::<SigmoidLayer>(flags.seed, &out, "sigmoid", (0.0, 1.0))?;
    activations::<TanhLayer>(flags.seed, &out, "tanh", (-1.0, 1.0))?;
    activations::<ReluLayer>(flags.seed, &out, "ReLU", (0.0, 2.0))?;
    training(&flags, &out)
}

/// Histograms of 1000 samples through five layers of 100, a row for each scale of weights.
fn activations<N: Network<Sample = Grid<100>>>(
    seed: u64,
    out: &Path,
    name: &str,
    range: (f64, f64),
) -> common::Result {
    let mut grid = Vec::new();
    println!("{name}: standard deviation of the activations, layers 1 to 5");
    for (scale, init) in SCALES {
        let mut rng = Generator::seed_from_u64(seed);
        let normal = (0..100 * 1000).map(|_| StandardNormal.sample(&mut rng)).collect();
        let mut x = Batch::<Grid<100>>::from_vec(normal)?;
        let mut inference = Inference::<N>::new(1000);
        let mut deviations = Vec::new();
        for layer in 1..=5 {
            let mut model = Model::<N>::new(&mut rng);
            book::reset_weights(&mut model, init, &mut rng);
            let y = inference.run(&model, &x);
            let mean = y.iter().sum::<f32>() / y.len() as f32;
            let variance = y.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / y.len() as f32;
            deviations.push(format!("{:.4}", variance.sqrt()));
            // Half of what a ReLU gives is zero, which would dwarf all else.
            let shown: Vec<f32> = y.iter().copied().filter(|&y| y != 0.0).collect();
            let axis = Axis::linear("activation").range(range.0, range.1);
            let chart = Chart::new(format!("{scale}, layer {layer}"), axis, Axis::linear("count"));
            grid.push(chart.histogram(&shown, 30));
            x = Batch::from_matrix(&y)?;
        }
        println!("  {scale:9} {}", deviations.join("  "));
    }
    let picture = out.join(format!("{}.svg", name.to_lowercase()));
    let title = format!("Activations after {name}, other than 0");
    Figure::new(title, grid).columns(5).save(&picture)?;
    println!("{}\n", picture.display());
    Ok(())
}

/// Losses on digits with SGD 0.01, batch 128, all on the same batches.
fn training(flags: &common::Flags, out: &Path) -> common::Result {
    let (data, _) = flags.digits()?;
    let steps = flags.steps(2000, data.len() / 128);
    let mut curves = Vec::new();
    println!("losses of the last hundred of {steps} steps on digits");
    println!("            mean    least to largest    the book's at step 1900");
    for (name, init, book) in [
        ("std 0.01", Init::Normal(0.01), "2.305"),
        ("Xavier", Init::LeCun, "0.377"),
        ("He", Init::He, "0.286"),
    ] {
        let mut rng = Generator::seed_from_u64(flags.seed);
        let mut model = Model::<FiveLayers>::new(&mut rng);
        book::reset_weights(&mut model, init, &mut rng);
        let losses = book::train(&mut model, &mut Sgd::new(0.01), &data, 128, steps, &mut rng);
        let book::Spread { mean, least, largest } = book::Spread::of_last(&losses, 100);
        println!("  {name:9} {mean:.3}   {least:.3} to {largest:.3}      {book}");
        curves.push(Series::every(name, 1.0, &losses).smoothed(20));
    }
    let picture = out.join("digits.svg");
    Chart::new("Initial weights on digits", Axis::linear("step"), Axis::linear("loss"))
        .lines(&curves)
        .save(&picture)?;
    println!("{}", picture.display());
    Ok(())
}
