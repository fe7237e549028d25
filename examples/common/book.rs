//! What the examples of "Deep Learning from Scratch" share: the digits, training step by step,
//! and initial weights of one scale.

use super::{Flags, Result};
use formwork::data::{Batch, Classes, Dataset, Grid, digits};
use formwork::layer::{Nonlinearity, Plain, TensorVisitor};
use formwork::optim::Optimizer;
use formwork::plot::Series;
use formwork::prelude::*;
use formwork::train::Evaluator;
use nalgebra::Const;
use rand::RngExt;
use std::path::Path;

/// Digits of 28 x 28.
pub type Digits = Dataset<Grid<1, 28, 28>, Classes<10>>;

impl Flags {
    /// Training and test digits: MNIST, or else the small digits of this project.
    pub fn digits(&self) -> Result<(Digits, Digits)> {
        digits_in(self.data.as_deref())
    }
}

/// Training and test digits: MNIST in a folder or in that which the environment names, or else the
/// small digits of this project.
pub fn digits_in(folder: Option<&Path>) -> Result<(Digits, Digits)> {
    if let Some(mnist) = super::mnist_in(folder)? {
        return Ok((mnist.train, mnist.test));
    }
    println!("without --data and FORMWORK_DATA: on 1,797 small digits, not on the book's\n");
    let small = digits::parse(include_bytes!("../data/digits.csv.gz"))?;
    let large: Vec<f32> = small.inputs().iter().flat_map(enlarged).collect();
    let all = Digits::from_vecs(large, small.targets().data().to_vec())?;
    Ok(all.split_at(1437))
}

/// An image of 8 x 8, each pixel three times as large, with a border of 2.
fn enlarged(small: &[f32]) -> [f32; 784] {
    core::array::from_fn(|i| {
        let inside = |at: usize| (2..26).contains(&at).then(|| (at - 2) / 3);
        match (inside(i / 28), inside(i % 28)) {
            (Some(row), Some(column)) => small[row * 8 + column],
            _ => 0.0,
        }
    })
}

/// A network of digits.
pub trait DigitNet: Network<Sample = Grid<1, 28, 28>, Outputs = Const<10>> {}
impl<N: Network<Sample = Grid<1, 28, 28>, Outputs = Const<10>>> DigitNet for N {}

/// Trains for a number of steps on batches drawn at random, and returns the loss at each.
pub fn train<N: DigitNet>(
    model: &mut Model<N>,
    optimizer: &mut dyn Optimizer<f32>,
    data: &Digits,
    batch: usize,
    steps: usize,
    rng: &mut Generator,
) -> Vec<f32> {
    let mut workspace = Workspace::<N>::new(batch, rng.random());
    let (mut x, mut t) = (Batch::with_capacity(batch), Batch::<Classes<10>>::with_capacity(batch));
    let mut chosen = vec![0; batch];
    let mut losses = Vec::with_capacity(steps);
    for _ in 0..steps {
        chosen.iter_mut().for_each(|i| *i = rng.random_range(0..data.len()));
        x.gather(data.inputs(), &chosen);
        t.gather(data.targets(), &chosen);
        let mut step = workspace.forward(model, &x);
        losses.push(step.loss(&SoftmaxCrossEntropy::default(), &t));
        let gradient = step.backward();
        optimizer.step(model.parameters_mut(), gradient);
    }
    losses
}

/// The share of digits that a model gets right.
pub fn accuracy<N: DigitNet>(model: &Model<N>, data: &Digits) -> f64 {
    let loss = SoftmaxCrossEntropy::default();
    Evaluator::new(100).run(model, &loss, data).accuracy.unwrap_or(0.0)
}

/// Where the losses of several steps lie.
pub struct Spread {
    pub mean: f32,
    pub least: f32,
    pub largest: f32,
}

impl Spread {
    /// Of the last `count` losses.
    pub fn of_last(losses: &[f32], count: usize) -> Self {
        let last = &losses[losses.len().saturating_sub(count)..];
        Self {
            mean: last.iter().sum::<f32>() / last.len() as f32,
            least: last.iter().copied().fold(f32::INFINITY, f32::min),
            largest: last.iter().copied().fold(f32::NEG_INFINITY, f32::max),
        }
    }
}

/// A curve of what was measured before the first epoch and after each.
pub fn from_start(name: &str, values: &[f64]) -> Series {
    let epochs: Vec<f64> = (0..values.len()).map(|epoch| epoch as f64).collect();
    Series::new(name, &epochs, values)
}

/// The index of the largest.
pub fn argmax(values: &[f32]) -> usize {
    (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap_or(0)
}

/// Draws all weight matrices anew; other parameters stay as they are.
pub fn reset_weights<N: Network>(model: &mut Model<N>, init: Init, rng: &mut Generator) {
    let mut weights = Vec::new();
    N::Params::<f32>::tensors(&mut TensorVisitor::new(&mut |_, dims, place| {
        if let [rows, columns] = *dims {
            weights.push((rows, columns, place));
        }
    }));
    for (rows, columns, place) in weights {
        let follows = Nonlinearity::Rectifier(0.0);
        init.fill(&mut model.parameters_mut()[place], rows, (columns, rows), follows, rng);
    }
}
