//! What the examples of "Deep Learning from Scratch" share: their flags, the digits, and training
//! step by step.
#![allow(dead_code, reason = "each example uses a part of this")]

use formwork::data::{Batch, Classes, Dataset, Grid, digits, mnist};
use formwork::network::Outputs;
use formwork::optim::Optimizer;
use formwork::plain::{Plain, TensorVisitor};
use formwork::prelude::*;
use rand::RngExt;
use std::error::Error;
use std::path::PathBuf;

/// Flags that all of them have.
#[derive(clap::Args, Debug)]
pub struct Flags {
    /// Folder with MNIST (default: the environment variable FORMWORK_DATA; without either, the
    /// small digits that come with the project, enlarged).
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Seed of all random numbers.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Threads to compute on (default: all cores).
    #[arg(long)]
    pub threads: Option<usize>,
    /// Folder for pictures.
    #[arg(long, value_name = "DIR", default_value = "target/pictures")]
    pub out: PathBuf,
}

/// Digits of 28 x 28.
pub type Digits = Dataset<Grid<1, 28, 28>, Classes<10>>;

/// The result of an example.
pub type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

impl Flags {
    /// Sets the threads and makes the folder for pictures.
    pub fn prepare(&self) -> Result {
        if let Some(threads) = self.threads {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
        }
        std::fs::create_dir_all(&self.out)?;
        Ok(())
    }

    /// Where the picture `name` goes.
    pub fn picture(&self, name: &str) -> PathBuf {
        self.out.join(name)
    }

    /// Training and test digits: MNIST, or else the small digits of this project.
    pub fn digits(&self) -> Result<(Digits, Digits)> {
        let mnist = match &self.data {
            Some(folder) => Some(mnist::load(folder)?),
            None if std::env::var_os(formwork::data::DATA_VARIABLE).is_some() => {
                Some(mnist::from_env()?)
            }
            None => None,
        };
        if let Some(mnist) = mnist {
            return Ok((mnist.train, mnist.test));
        }
        println!(
            "no --data and no FORMWORK_DATA: on 1,797 small digits, so figures differ from the book's"
        );
        let small = digits::parse(include_bytes!("../data/digits.csv.gz"))?;
        let large: Vec<f32> = small.inputs().iter().flat_map(enlarged).collect();
        let all = Digits::from_vecs(large, small.targets().data().to_vec())?;
        Ok(all.split_at(1437))
    }
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
pub trait DigitNet: Network<Sample = Grid<1, 28, 28>, Outputs = Outputs<10>> {}
impl<N: Network<Sample = Grid<1, 28, 28>, Outputs = Outputs<10>>> DigitNet for N {}

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
        workspace.forward(model, &x);
        losses.push(workspace.loss(&SoftmaxCrossEntropy::default(), &t));
        let gradient = workspace.backward(model, &x);
        optimizer.step(model.parameters_mut(), gradient);
        workspace.observe(model);
    }
    losses
}

/// The share of digits that a model gets right.
pub fn accuracy<N: DigitNet>(model: &Model<N>, data: &Digits) -> f64 {
    let batch = 1000.min(data.len());
    let mut inference = Inference::<N>::new(batch);
    let mut batches = formwork::data::Batches::new(batch);
    let mut epoch = batches.in_order(data);
    let mut right = 0;
    while let Some((x, t)) = epoch.next_batch() {
        let y = inference.run(model, x);
        right +=
            y.chunks_exact(10).zip(t.data()).filter(|(y, t)| argmax(y) == **t as usize).count();
    }
    right as f64 / data.len() as f64
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
        let follows = formwork::layer::Nonlinearity::Rectifier(0.0);
        init.fill(&mut model.parameters_mut()[place], rows, (columns, rows), follows, rng);
    }
}
