//! Three arms of a spiral, and the boundaries that a small network draws between them (book 2,
//! chapter 1).

#[path = "book/mod.rs"]
mod book;

use clap::Parser;
use formwork::data::{Batch, Batches, Grid, spiral};
use formwork::optim::{Optimizer, Sgd};
use formwork::plot::{self, Axis, Frame, Points, Series};
use formwork::prelude::*;
use rand::SeedableRng;

/// Trains 2-10-3 with sigmoids on 300 points of a spiral.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: book::Flags,
    /// Epochs, in batches of 30.
    #[arg(long, default_value_t = 300)]
    epochs: usize,
}

network! {
    /// 2-10-3.
    pub struct Spiral: Vector<2> => Vector<3> {
        fc1: Dense<10>(Init::Normal(0.01)),
        Sigmoid,
        fc2: Dense<3>(Init::Normal(0.01)),
    }
}

fn main() -> book::Result {
    let args = Args::parse();
    args.flags.prepare()?;
    let mut rng = Generator::seed_from_u64(args.flags.seed);
    let data = spiral::<3>(100, 0.2, &mut rng)?;
    let mut model = Model::<Spiral>::new(&mut rng);
    let mut workspace = Workspace::<Spiral>::new(30, args.flags.seed);
    let mut optimizer = Sgd::new(1.0);
    let mut batches = Batches::new(30);
    let mut losses = Vec::new();
    for _ in 0..args.epochs {
        let mut epoch = batches.shuffled(&data, &mut rng);
        let (mut total, mut steps) = (0.0, 0.0);
        while let Some((x, t)) = epoch.next_batch() {
            workspace.forward(&model, x);
            total += workspace.loss(&SoftmaxCrossEntropy::default(), t);
            steps += 1.0;
            let gradient = workspace.backward(&model, x);
            optimizer.step(model.parameters_mut(), gradient);
        }
        losses.push(total / steps);
    }
    let mut inference = Inference::<Spiral>::new(data.len());
    let y = inference.run(&model, data.inputs());
    let right = y
        .chunks_exact(3)
        .zip(data.targets().data())
        .filter(|(y, t)| book::argmax(y) == **t as usize);
    let accuracy = right.count() as f64 / data.len() as f64;
    if let [first, .., last] = losses[..] {
        println!("loss {first:.2} to {last:.3}, accuracy {accuracy:.3}");
        println!("book: loss 1.10 to 0.11..0.13, accuracy 0.96..0.977 (five seeds)");
    }

    let curve = args.flags.picture("spiral_loss.svg");
    let frame = Frame::new("Learning a spiral", Axis::linear("epoch"), Axis::linear("loss"));
    plot::lines(&curve, &[Series::every("loss", 1.0, &losses)], &frame)?;
    let regions = args.flags.picture("spiral.svg");
    let at: Vec<[f32; 2]> = data.inputs().iter().map(|x| [x[0], x[1]]).collect();
    let arms: Vec<usize> = data.targets().data().iter().map(|&t| t as usize).collect();
    let points = Points::new(&at, &arms, &["first arm", "second arm", "third arm"]);
    let mut one = Inference::<Spiral>::new(1);
    let classify = |[x, y]: [f64; 2]| {
        let point = Batch::<Grid<2>>::from_vec(vec![x as f32, y as f32]).expect("one sample");
        book::argmax(one.run(&model, &point))
    };
    plot::decision(
        &regions,
        classify,
        &points,
        &Frame::new("Decision boundaries", Axis::linear("x"), Axis::linear("y")),
    )?;
    println!("{}\n{}", curve.display(), regions.display());
    Ok(())
}
