//! w6 and w6s: word vectors by a continuous bag of words with negative sampling.

use crate::workload::{Watch, Workload};
use formwork::data::{Bags, Batch, Classes};
use formwork::layer::{as_mut_slice, as_slice};
use formwork::loss::{NegativeSampling, UnigramSampler};
use formwork::optim::{Adam, RowOptimizer, Rows, SparseAdam};
use formwork::prelude::*;
use rand::SeedableRng;
use rand_distr::{Distribution, Zipf};

const VOCABULARY: usize = 10_000;
const HIDDEN: usize = 100;
const AROUND: usize = 10;
const NEGATIVES: usize = 5;
const COLUMNS: usize = 100;
/// How many batches take turns.
const RING: usize = 8;

network! {
    /// The mean of the words around a word.
    pub struct Cbow: Bag<VOCABULARY, AROUND> => Vector<HIDDEN> { embed: Embedding<HIDDEN> }
}

/// With Adam as it is defined: all vectors move at every step.
pub fn w6() -> Workload {
    train(Adam::new(0.001), Adam::new(0.001))
}

/// With an Adam that moves only the vectors of the words in a batch.
pub fn w6s() -> Workload {
    train(SparseAdam::new(0.001), SparseAdam::new(0.001))
}

fn train<O: RowOptimizer<f32> + Send + 'static>(mut of_network: O, mut of_loss: O) -> Workload {
    let mut rng = Generator::seed_from_u64(0);
    // Words are as frequent as one over their rank.
    let zipf = Zipf::new(VOCABULARY as f64, 1.0).expect("a distribution");
    let mut text = |count: usize| -> Vec<u32> {
        (0..count).map(|_| zipf.sample(&mut rng) as u32 - 1).collect()
    };
    let batches: Vec<_> = (0..RING)
        .map(|_| {
            let contexts = Batch::<Bags<VOCABULARY, AROUND>>::from_vec(text(COLUMNS * AROUND));
            let targets = Batch::<Classes<VOCABULARY>>::from_vec(text(COLUMNS));
            (contexts.expect("whole bags"), targets.expect("ids of the vocabulary"))
        })
        .collect();
    let sampler = UnigramSampler::new(&text(1_000_000), VOCABULARY, 0.75).expect("a corpus");
    let mut loss = NegativeSampling::<VOCABULARY, HIDDEN>::new(sampler, NEGATIVES, 1);
    let mut model = Model::<Cbow>::new(&mut rng);
    let mut workspace = Workspace::<Cbow>::new(COLUMNS, 1);
    let mut rows = Rows::new(VOCABULARY);
    let mut turn = 0;
    let step = move |watch: &mut dyn Watch| {
        let (contexts, targets) = &batches[turn];
        turn = (turn + 1) % RING;
        let mut step = workspace.forward(&mut model, contexts);
        watch.ends("forward");
        step.sampled_loss(&mut loss, targets);
        watch.ends("loss");
        step.backward();
        watch.ends("backward");
        rows.set(contexts.data());
        let gradient = as_slice(&workspace.gradient().embed.weight);
        of_network.step_rows(as_mut_slice(&mut model.embed.weight), gradient, &rows);
        loss.step(&mut of_loss);
        watch.ends("optimisers");
        watch.parameters(model.parameters());
    };
    // Products forward, and backward by both factors, of the scores; sums of the bags, both ways.
    let flop = 2 * COLUMNS * (3 * (1 + NEGATIVES) * HIDDEN + 2 * AROUND * HIDDEN);
    Workload { step: Box::new(step), samples: COLUMNS, flop }
}
