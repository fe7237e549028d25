//! w1, w2 and w7a: dense networks on digits.

use crate::workload::{Watch, Workload};
use formwork::data::{Batch, Classes, Grid};
use formwork::optim::{Adam, Optimizer, Sgd};
use formwork::prelude::*;
use formwork::train::Groups;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};

network! {
    /// 784-50-10.
    pub struct TwoLayers: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<50>,
        Relu,
        fc2: Dense<10>,
    }
}

/// 784-50-10 with ReLU, batch 100, softmax cross-entropy, SGD.
pub fn w1() -> Workload {
    train::<TwoLayers>(100, Sgd::new(0.1))
}

network! {
    /// 784-512-256-10, with batch normalisation and dropout.
    pub struct Regularised: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<512>,
        BatchNorm,
        Relu,
        Dropout(0.5),
        fc2: Dense<256>,
        BatchNorm,
        Relu,
        Dropout(0.5),
        fc3: Dense<10>,
    }
}

/// 784-512-256-10, each hidden layer with batch normalisation, ReLU and dropout, batch 128, Adam.
pub fn w2() -> Workload {
    train::<Regularised>(128, Adam::new(1e-3))
}

/// How many batches take turns.
const RING: usize = 8;

type Images = Batch<Grid<1, 28, 28>>;
type Digits = Batch<Classes<10>>;

/// Batches that take turns.
struct Ring(Vec<(Images, Digits)>, usize);

impl Ring {
    fn new(columns: usize, rng: &mut Generator) -> Self {
        let batch = |_| {
            let pixels = StandardNormal.sample_iter(&mut *rng).take(784 * columns).collect();
            let classes = (0..columns).map(|_| rng.random_range(0..10)).collect();
            (
                Images::from_vec(pixels).expect("whole samples"),
                Digits::from_vec(classes).expect("ids below 10"),
            )
        };
        Self((0..RING).map(batch).collect(), 0)
    }

    fn next(&mut self) -> &(Images, Digits) {
        self.1 = (self.1 + 1) % RING;
        &self.0[self.1]
    }
}

/// Training steps of a classifier of ten kinds of 28 x 28 images.
pub fn train<N>(columns: usize, mut optimizer: impl Optimizer<f32> + Send + 'static) -> Workload
where
    N: Network<Sample = Grid<1, 28, 28>, Outputs = nalgebra::Const<10>>,
{
    let mut rng = Generator::seed_from_u64(0);
    let mut ring = Ring::new(columns, &mut rng);
    let mut model = Model::<N>::new(&mut rng);
    let mut workspace = Workspace::<N>::new(columns, 1);
    let step = move |watch: &mut dyn Watch| {
        let (x, t) = ring.next();
        let mut step = workspace.forward(&mut model, x);
        watch.ends("forward");
        step.loss(&SoftmaxCrossEntropy::default(), t);
        watch.ends("loss");
        let gradient = step.backward();
        watch.ends("backward");
        optimizer.step(model.parameters_mut(), gradient);
        watch.ends("optimiser");
        watch.parameters(model.parameters());
    };
    Workload { step: Box::new(step), samples: columns, flop: flop::<N>(columns) }
}

/// The same in groups of samples, each of which stays with its core.
pub fn train_in_groups<N>(
    columns: usize,
    mut optimizer: impl Optimizer<f32> + Send + 'static,
) -> Workload
where
    N: Network<Sample = Grid<1, 28, 28>, Outputs = nalgebra::Const<10>>,
{
    let mut rng = Generator::seed_from_u64(0);
    let mut ring = Ring::new(columns, &mut rng);
    let mut model = Model::<N>::new(&mut rng);
    let mut groups = Groups::<N, Classes<10>>::new(columns, 1);
    let step = move |watch: &mut dyn Watch| {
        let (x, t) = ring.next();
        let (_, gradient) = groups.pass(&mut model, &SoftmaxCrossEntropy::default(), x, t);
        watch.ends("passes");
        optimizer.step(model.parameters_mut(), gradient);
        watch.ends("optimiser");
        watch.parameters(model.parameters());
    };
    Workload { step: Box::new(step), samples: columns, flop: flop::<N>(columns) }
}

/// Forward, backward by the weights, and backward by the input of all layers but the first.
fn flop<N: Network>(columns: usize) -> usize {
    columns * (3 * N::FLOP - N::LAYERS[0].operations)
}

/// Inference of one sample with 784-50-10.
pub fn w7a() -> Workload {
    infer::<TwoLayers>()
}

/// Inference of one 28 x 28 image.
pub fn infer<N: Network<Sample = Grid<1, 28, 28>>>() -> Workload {
    let mut rng = Generator::seed_from_u64(0);
    let pixels = StandardNormal.sample_iter(&mut rng).take(784).collect();
    let x = Batch::<Grid<1, 28, 28>>::from_vec(pixels).expect("a sample");
    let model = Model::<N>::new(&mut rng);
    let mut inference = Inference::<N>::new(1);
    let step = move |_: &mut dyn Watch| {
        std::hint::black_box(inference.run(&model, std::hint::black_box(&x)));
    };
    Workload { step: Box::new(step), samples: 1, flop: N::FLOP }
}
