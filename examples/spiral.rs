//! Three arms of a spiral, and the boundaries that a small network draws between them (book 2,
//! chapter 1).

#[macro_use]
mod common;

use clap::Parser;
use common::book;
use formwork::data::{Batch, Batches, Classes, Dataset, Grid, spiral};
use formwork::optim::{Optimizer, Sgd};
use formwork::plot::{self, Axis, Chart, Series};
use formwork::prelude::*;
use formwork::train::Evaluator;
use rand::SeedableRng;
use std::path::{Path, PathBuf};

/// Trains 2-10-3 with sigmoids on 300 points of a spiral, from five seeds.
#[derive(Parser)]
struct Args {
    /// The first of five seeds
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Times to go through the points
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    epochs: u32,
    /// Folder for the pictures [default: target/spiral]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

network! {
    /// 2-10-3.
    pub struct Spiral: Vector<2> => Vector<3> {
        fc1: Dense<10>(Init::Normal(0.01)),
        Sigmoid,
        fc2: Dense<3>(Init::Normal(0.01)),
    }
}

/// Three arms of a hundred points each.
type Arms = Dataset<Grid<2>, Classes<3>>;

fn main() -> common::Result {
    let args = Args::parse();
    let out = common::folder(args.out.as_deref(), "spiral")?;
    println!("loss at first and in the end, accuracy in the end; by seed");
    let mut runs = Vec::new();
    for seed in args.seed..args.seed + 5 {
        let mut rng = Generator::seed_from_u64(seed);
        let data = spiral::<3>(100, 0.2, &mut rng)?;
        let (model, losses) = train(&data, args.epochs, &mut rng);
        let evaluation =
            Evaluator::new(data.len()).run(&model, &SoftmaxCrossEntropy::default(), &data);
        let (first, last) = (losses[0], losses[losses.len() - 1]);
        println!("  {seed}  {first:.2}  {last:.3}  {:.3}", evaluation.accuracy.unwrap_or(0.0));
        runs.push((model, losses, data));
    }
    println!("the book, five seeds: 1.10, 0.11 to 0.13, 0.96 to 0.977");

    let curves = out.join("losses.svg");
    let named = (args.seed..).zip(&runs);
    let series: Vec<Series> = named
        .map(|(seed, (_, losses, _))| Series::every(format!("seed {seed}"), 1.0, losses))
        .collect();
    Chart::new("Learning a spiral", Axis::linear("epoch"), Axis::linear("loss"))
        .lines(&series)
        .save(&curves)?;
    let regions = out.join("regions.svg");
    draw(&regions, &runs[0].0, &runs[0].2)?;
    println!("{}\n{}", curves.display(), regions.display());
    Ok(())
}

/// A network that has learnt the points, and the mean loss of each epoch.
fn train(data: &Arms, epochs: u32, rng: &mut Generator) -> (Model<Spiral>, Vec<f32>) {
    let mut model = Model::<Spiral>::new(rng);
    let mut workspace = Workspace::<Spiral>::new(30, 0);
    let mut optimizer = Sgd::new(1.0);
    let mut batches = Batches::new(30);
    let mut losses = Vec::new();
    for _ in 0..epochs {
        let mut epoch = batches.shuffled(data, rng);
        let (mut total, mut steps) = (0.0, 0.0);
        while let Some((x, t)) = epoch.next_batch() {
            let mut step = workspace.forward(&mut model, x);
            total += step.loss(&SoftmaxCrossEntropy::default(), t);
            steps += 1.0;
            let gradient = step.backward();
            optimizer.step(model.parameters_mut(), gradient);
        }
        losses.push(total / steps);
    }
    (model, losses)
}

/// Draws which arm the network takes each part of the plane for.
fn draw(path: &Path, model: &Model<Spiral>, data: &Arms) -> plot::Result<()> {
    let arm = |arm| {
        let labelled = data.inputs().iter().zip(data.targets().data());
        let of_arm = labelled.filter(move |(_, t)| **t == arm);
        of_arm.map(|(x, _)| [x[0], x[1]]).collect::<Vec<[f32; 2]>>()
    };
    let arms = [("first arm", arm(0)), ("second arm", arm(1)), ("third arm", arm(2))];
    let mut one = Inference::<Spiral>::new(1);
    let classify = |[x, y]: [f64; 2]| {
        let point = Batch::<Grid<2>>::from_vec(vec![x as f32, y as f32]).expect("one sample");
        book::argmax(one.run(model, &point).as_slice())
    };
    let axis = |label| Axis::linear(label).range(-1.1, 1.1);
    Chart::new("Decision boundaries", axis("x"), axis("y")).decision(classify, &arms).save(path)
}
