//! The same seed gives the same bits.

use crate::bits;
use formwork::data::{Classes, Dataset, Grid, Sequences};
use formwork::optim::{Adam, Optimizer, Sgd, clip};
use formwork::prelude::*;
use formwork::train::{History, Trainer};
use rand::{RngExt, SeedableRng};

network! {
    /// Wide enough for its products to be shared between threads.
    struct Wide: Vector<128> => Vector<10> {
        fc1: Dense<256>, Relu, fc2: Dense<256>, Relu, fc3: Dense<10>
    }
}

fn noise() -> Dataset<Grid<128>, Classes<10>> {
    let mut rng = Generator::seed_from_u64(9);
    let inputs = (0..500 * 128).map(|_| rng.random_range(-1.0..1.0)).collect();
    Dataset::from_vecs(inputs, (0..500).map(|i| i % 10).collect()).unwrap()
}

fn run(threads: Option<usize>, seed: u64) -> (Vec<u32>, History) {
    let data = noise();
    let mut rng = Generator::seed_from_u64(seed);
    let mut model = Model::<Wide>::new(&mut rng);
    let trainer = Trainer::new(Adam::new(1e-3)).epochs(3).batch_size(128).clip_norm(1.0);
    let mut trainer = trainer.validate(&data).record_steps().silent();
    if let Some(threads) = threads {
        trainer = trainer.threads(threads);
    }
    let history =
        trainer.fit(&mut model, &SoftmaxCrossEntropy::default(), &data, &mut rng).unwrap();
    (bits(model.parameters()), history)
}

/// All but the times.
fn losses(history: &History) -> (Vec<f64>, Vec<f64>) {
    let validation = history.column(|epoch| epoch.validation_loss.unwrap());
    (history.step_losses.clone(), validation)
}

#[test]
fn for_any_number_of_threads() {
    let (one, history) = run(Some(1), 1);
    for threads in [None, Some(2), Some(3)] {
        let (parameters, again) = run(threads, 1);
        assert_eq!(losses(&again), losses(&history), "{threads:?}");
        assert!(parameters == one, "{threads:?}");
    }
    let (other, _) = run(Some(1), 2);
    assert!(other != one, "another seed is another run");
}

/// Kinds of words.
const WORDS: usize = 1200;

network! {
    /// A language model so wide that even the product of a single step is shared between threads.
    struct Speaker: Token<WORDS> => Vector<WORDS> {
        embed: Embedding<128>,
        Dropout(0.25),
        rnn: Rnn<256>,
        gru: Gru<144>,
        lstm: Lstm<128>,
        head: Dense<WORDS> tied to embed,
    }
}

/// The losses of some steps of training and the parameters after them, on so many threads.
fn speak(threads: usize) -> (Vec<u32>, Vec<u32>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let mut rng = Generator::seed_from_u64(1);
        let mut model = Model::<Speaker>::new(&mut rng);
        let text: Vec<u32> = (0..2000).map(|_| rng.random_range(0..WORDS as u32)).collect();
        let (lanes, steps) = (64, 8);
        let mut text = Sequences::<WORDS>::new(&text, lanes, steps).unwrap();
        let mut workspace = Workspace::<Speaker>::with_lanes(lanes * steps, lanes, 1);
        let mut sgd = Sgd::new(1.0);
        let mut losses = Vec::new();
        for _ in 0..5 {
            let (inputs, targets) = text.next_batch();
            let mut step = workspace.forward(&mut model, inputs);
            losses.push(step.loss(&SoftmaxCrossEntropy::default(), targets));
            let gradient = step.backward();
            let factor = clip::factor(clip::norm(gradient).unwrap(), 0.25);
            sgd.step_scaled(model.parameters_mut(), gradient, factor);
        }
        (bits(&losses), bits(model.parameters()))
    })
}

#[test]
fn of_a_language_model_for_any_number_of_threads() {
    let one = speak(1);
    for threads in [2, 3] {
        assert!(speak(threads) == one, "{threads} threads");
    }
}
