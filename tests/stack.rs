//! Training and inference take little of the stack: a thread of 64 KiB is enough in a release build,
//! and one of 256 KiB without optimisation. `FORMWORK_STACK=48` tries with 48 KiB instead. Who needs
//! more ends the process.
#![cfg(feature = "parallel")]

use formwork::data::{Bags, Batch, Classes, Dataset, Grid, Sample};
use formwork::kernel::{Real, dispatch::Level};
use formwork::loss::{
    Loss, MeanSquaredError, NegativeSampling, SoftTargetCrossEntropy, UnigramSampler,
};
use formwork::optim::{
    AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd, SparseAdam, clip,
};
use formwork::prelude::*;
use formwork::train::Trainer;
use nalgebra::Const;
use rand::SeedableRng;
use std::sync::{Mutex, PoisonError};

/// Runs `work` at every level that this CPU has, on the one thread of a pool, whose stack is as small
/// as is promised.
fn on_a_small_stack(work: impl Fn() + Sync) {
    static FORCED: Mutex<()> = Mutex::new(());
    let _guard = FORCED.lock().unwrap_or_else(PoisonError::into_inner);
    let kib = std::env::var("FORMWORK_STACK").ok().map(|kib| kib.parse().expect("KiB"));
    let kib: usize = kib.unwrap_or(if cfg!(debug_assertions) { 256 } else { 64 });
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(kib << 10).build();
    let pool = pool.expect("a thread");
    for level in Level::ALL {
        if level.force() {
            pool.install(&work);
        }
    }
}

/// Samples of numbers, a good part of them zero.
fn numbers<S: Sample<Element<T> = T>, T: Real>(columns: usize) -> Batch<S, T> {
    let numbers = (0..columns * S::SIZE).map(|i| T::of((i * i % 7) as f64 - 3.0).max(T::ZERO));
    Batch::from_vec(numbers.collect()).expect("whole samples")
}

/// Samples of ids below `limit`.
fn ids<S: Sample<Element<T> = u32>, T: Real>(columns: usize, limit: u32) -> Batch<S, T> {
    let ids = (0..(columns * S::SIZE) as u32).map(|i| i * i % limit);
    Batch::from_vec(ids.collect()).expect("ids below the limit")
}

/// Two steps of training, inference on the batch and on its first sample, a copy of the model, and
/// two steps of a stream; of all this nothing is larger with more steps.
fn work<N: Network, T: Real>(
    batch: &Batch<N::Sample, T>,
    lanes: usize,
    mut optimizer: impl Optimizer<T>,
) {
    let mut model = Model::<N, T>::new(&mut Generator::seed_from_u64(1));
    let mut workspace = Workspace::<N, T>::with_lanes(batch.columns(), lanes, 1);
    for _ in 0..2 {
        let mut step = workspace.forward(&mut model, batch);
        let outputs = step.outputs().clone_owned();
        step.output_gradient_mut().copy_from(&outputs);
        let gradient = step.backward();
        let scale = clip::factor(clip::norm(gradient).expect("a finite gradient"), 0.25);
        optimizer.step_scaled(model.parameters_mut(), gradient, scale);
    }
    let mut inference = Inference::<N, T>::with_lanes(batch.columns(), lanes);
    assert!(inference.run(&model, batch).iter().all(|v| v.is_finite()));
    let mut one = Batch::new();
    one.push(batch.column(0)).expect("a sample");
    assert!(Inference::<N, T>::new(1).run(&model.clone(), &one).iter().all(|v| v.is_finite()));
}

/// Two steps of a stream of one lane and of several.
fn stream<N: Network, T: Real>(
    input: &[<N::Input as formwork::shape::Shape>::Element<T>],
    lanes: usize,
) {
    let model = Model::<N, T>::new(&mut Generator::seed_from_u64(1));
    let (mut one, mut several) = (Stream::new(&model, 1), Stream::new(&model, lanes));
    for _ in 0..2 {
        assert!(one.step(&input[..input.len() / lanes]).iter().all(|v| v.is_finite()));
        assert!(several.step(input).iter().all(|v| v.is_finite()));
    }
}

network! {
    struct TwoLayers: Image<1, 28, 28> => Vector<10> { fc1: Dense<50>, Relu, fc2: Dense<10> }
}

network! {
    struct Regularised: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<512>, BatchNorm, Relu, Dropout(0.5),
        fc2: Dense<256>, LayerNorm, Gelu, Dropout(0.5),
        fc3: Dense<10>,
    }
}

#[test]
fn dense() {
    on_a_small_stack(|| {
        work::<TwoLayers, f32>(&numbers(100), 100, Sgd::new(0.1));
        work::<TwoLayers, f64>(&numbers(100), 100, Momentum::new(0.1));
        work::<Regularised, f32>(&numbers(128), 128, Adam::new(0.001));
        work::<Regularised, f64>(&numbers(20), 20, AdamW::new(0.001));
    });
}

/// A step with a loss.
fn learn<L: Loss<Const<10>>, T: Real>(loss: &L, targets: &Batch<L::Target, T>) {
    let mut model = Model::<TwoLayers, T>::new(&mut Generator::seed_from_u64(1));
    let (inputs, mut workspace) = (numbers(40), Workspace::<TwoLayers, T>::new(40, 1));
    let mut step = workspace.forward(&mut model, &inputs);
    assert!(step.loss(loss, targets).to_f64().is_finite());
    step.backward();
}

#[test]
fn losses() {
    on_a_small_stack(|| {
        learn::<_, f32>(&SoftmaxCrossEntropy::new(), &ids(40, 10));
        learn::<_, f64>(&SoftmaxCrossEntropy::new(), &ids(40, 10));
        learn::<_, f64>(&SoftTargetCrossEntropy, &numbers(40));
        learn::<_, f64>(&MeanSquaredError, &numbers(40));
    });
}

network! {
    struct SimpleConvNet: Image<1, 28, 28> => Vector<10> {
        conv1: Conv2d<30, 5>, Relu, MaxPool<2>, fc1: Dense<100>, Relu, fc2: Dense<10>,
    }
}

network! {
    struct DeepConvNet: Image<1, 28, 28> => Vector<10> {
        conv1: Conv2d<16, 3, pad = 1>, Relu,
        conv2: Conv2d<16, 3, pad = 1>, Relu, MaxPool<2>,
        conv3: Conv2d<32, 3, pad = 1>, Relu,
        conv4: Conv2d<32, 3, pad = 2>, Relu, MaxPool<2>,
        conv5: Conv2d<64, 3, pad = 1>, Relu,
        conv6: Conv2d<64, 3, pad = 1>, Relu, MaxPool<2>,
        fc1: Dense<50>, Relu, Dropout(0.5), fc2: Dense<10>, Dropout(0.5),
    }
}

network! {
    struct Block<C, H, W>: Image<C, H, W> => Image<C, H, W> {
        Residual { conv1: Conv2d<C, 3, pad = 1, bias = 0>, BatchNorm, Relu, conv2: Conv2d<C, 3, pad = 1>, GroupNorm<4> },
        Relu,
    }
}

network! {
    struct ResNet: Image<3, 8, 8> => Vector<10> {
        stem: Conv2d<16, 3, pad = 1>,
        stage1: Block<16, 8, 8>,
        down: Conv2d<32, 3, stride = 2, pad = 1>,
        stage2: Block<32, 4, 4>,
        Concat { { wide: Conv2d<30, 1> }, { AvgPool<1>, up: ConvTranspose2d<8, 1>, Tanh } },
        Upsample<2>,
        GlobalAvgPool,
        fc: Dense<10>,
    }
}

#[test]
fn images() {
    on_a_small_stack(|| {
        work::<SimpleConvNet, f32>(&numbers(10), 10, Nesterov::new(0.01));
        work::<SimpleConvNet, f64>(&numbers(2), 2, RmsProp::new(0.01));
        work::<DeepConvNet, f32>(&numbers(10), 10, Adam::new(0.001));
        work::<DeepConvNet, f64>(&numbers(2), 2, AdaGrad::new(0.001));
        work::<ResNet, f32>(&numbers(10), 10, Adam::new(0.001));
        work::<ResNet, f64>(&numbers(2), 2, Adam::new(0.001));
    });
}

const WORDS: usize = 600;

network! {
    struct Speaker: Token<WORDS> => Vector<WORDS> {
        embed: Embedding<128>, Dropout(0.5), lstm: Lstm<128>, gru: Gru<128>, rnn: Rnn<128>,
        head: Dense<WORDS> tied to embed,
    }
}

network! {
    struct Reader: Token<WORDS> => Vector<4> {
        embed: Embedding<128>, Bidirectional { lstm: Lstm<96> }, LastStep, fc: Dense<4>,
    }
}

network! { struct LstmEffect: Vector<1> => Vector<1> { lstm: Lstm<20>, fc: Dense<1> } }
network! { struct GruEffect: Vector<1> => Vector<1> { gru: Gru<8>, fc: Dense<1> } }

#[test]
fn sequences() {
    on_a_small_stack(|| {
        let limit = WORDS as u32;
        work::<Speaker, f32>(&ids(160, limit), 20, Sgd::new(0.1));
        work::<Speaker, f64>(&ids(20, limit), 4, Sgd::new(0.1));
        work::<Reader, f32>(&ids(160, limit), 20, Adam::new(0.1));
        work::<Reader, f64>(&ids(20, limit), 4, Adam::new(0.1));
        stream::<Speaker, f32>(&[1, 2, 3, 4], 4);
        stream::<LstmEffect, f32>(&[1.0, 2.0, 3.0, 4.0], 4);
        stream::<LstmEffect, f64>(&[1.0, 2.0, 3.0, 4.0], 4);
        stream::<GruEffect, f32>(&[1.0, 2.0, 3.0, 4.0], 4);
    });
}

network! { struct Cbow: Bag<WORDS, 10> => Vector<100> { embed: Embedding<100> } }

#[test]
fn words() {
    on_a_small_stack(|| {
        let (inputs, targets) = (ids::<Bags<WORDS, 10>, f32>(100, 600), ids(100, 600));
        let mut model = Model::<Cbow>::new(&mut Generator::seed_from_u64(1));
        let mut workspace = Workspace::<Cbow>::new(100, 1);
        let corpus: Vec<u32> = (0..WORDS as u32).collect();
        let sampler = UnigramSampler::new(&corpus, WORDS, 0.75).expect("a corpus");
        let mut loss = NegativeSampling::<WORDS, 100>::new(sampler, 5, 1);
        let (mut adam, mut sparse) = (Adam::new(0.001), SparseAdam::new(0.001));
        let mut step = workspace.forward(&mut model, &inputs);
        assert!(step.sampled_loss(&mut loss, &targets).is_finite());
        let gradient = step.backward();
        adam.step(model.parameters_mut(), gradient);
        loss.step(&mut sparse);
    });
}

/// A model is never on the stack, nor is a part of it.
#[test]
fn large_models() {
    network! { struct Large: Vector<3000> => Vector<3000> { fc1: Dense<1000>, BatchNorm, fc2: Dense<3000> } }
    network! { struct Vocabulary: Token<10_000> => Vector<200> { embed: Embedding<100>, lstm: Lstm<200> } }
    on_a_small_stack(|| {
        work::<Large, f32>(&numbers(4), 4, Adam::new(0.001));
        work::<Vocabulary, f32>(&ids(4, 10_000), 2, Adam::new(0.001));
    });
}

#[test]
fn trainer() {
    on_a_small_stack(|| {
        let inputs = numbers::<Grid<1, 28, 28>, f32>(60);
        let data = Dataset::new(inputs, ids::<Classes<10>, f32>(60, 10)).expect("as many targets");
        let (train, validation) = data.split_at(40);
        let mut rng = Generator::seed_from_u64(1);
        let mut model = Model::<SimpleConvNet>::new(&mut rng);
        let history = Trainer::new(Adam::new(0.001))
            .epochs(2)
            .batch_size(20)
            .validate(&validation)
            .keep_best()
            .clip_norm(1.0)
            .fit(&mut model, &SoftmaxCrossEntropy::new(), &train, &mut rng);
        assert_eq!(history.expect("finite losses").epochs.len(), 2);
    });
}
