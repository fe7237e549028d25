//! Training, epoch after epoch, and what comes of it.

use crate::checkpoint::Progress;
use crate::common::Result;
use crate::common::checkpoints::Checkpoints;
use crate::common::progress::Epoch;
use crate::networks::LanguageModel;
use formwork::data::Sequences;
use formwork::data::ptb::Corpus;
use formwork::optim::{Optimizer, Sgd, clip};
use formwork::prelude::*;
use rand::{Rng, SeedableRng};
use std::path::Path;

/// How a model is trained.
pub struct Settings {
    pub lanes: usize,
    pub steps: usize,
    pub rate: f64,
    /// By what the rate is divided after an epoch that was no better on the text to choose by.
    pub divide: f64,
    /// The largest norm of a gradient.
    pub clip: Option<f64>,
    pub epochs: usize,
}

/// Trains a new model, or goes on where an earlier training ended. The best weights, a checkpoint of
/// the last epoch and a picture go to `files`, each with an extension of its own.
pub fn train<N: LanguageModel<V>, const V: usize>(
    files: &Path,
    corpus: &Corpus,
    settings: &Settings,
    seed: u64,
    checkpoints: &Checkpoints,
) -> Result {
    for (name, text) in [("validation", &corpus.valid), ("test", &corpus.test)] {
        let (found, needed) = (text.len(), LANES + 1);
        if (1..needed).contains(&found) {
            let error = format!("the {name} text has {found} tokens, expected at least {needed}");
            return Err(error.into());
        }
    }
    let [best, checkpoint, picture] =
        ["safetensors", "checkpoint", "svg"].map(|extension| files.with_extension(extension));
    let checkpoint = checkpoints.path(checkpoint);
    let Settings { lanes, steps, epochs, .. } = *settings;
    let columns = lanes * steps;
    let mut workspace = Workspace::<N>::with_lanes(columns, lanes, seed);
    let (mut progress, mut model) = if checkpoints.resume {
        Progress::load(&checkpoint, workspace.state_mut())?
    } else {
        (Progress::new(settings.rate), Model::new(&mut Generator::seed_from_u64(seed)))
    };
    println!("{}", N::summary().trim_end());
    let mut text = Sequences::<V>::new(&corpus.train, lanes, steps)?;
    let batches = text.batches();
    let mut sgd = Sgd::new(progress.rate);
    let loss = SoftmaxCrossEntropy::new();
    for epoch in progress.perplexities.len()..epochs {
        // So that training can begin with any epoch, each has random numbers and a place in the text
        // that follow from its number.
        let mut rng = Generator::seed_from_u64(seed.wrapping_add(epoch as u64));
        workspace.reseed(rng.next_u64());
        text.seek(epoch * batches * steps);
        sgd.set_learning_rate(progress.rate);
        let (mut shown, mut total) = (Epoch::new(epoch, epochs, batches), 0.0);
        for _ in 0..batches {
            let (x, t) = text.next_batch();
            // The batch goes on in the text where the one before ended, and so does the state.
            let mut step = workspace.forward(&mut model, x);
            total += f64::from(step.loss(&loss, t));
            let gradient = step.backward();
            let norm = clip::norm(gradient)?;
            let factor = settings.clip.map_or(1.0, |largest| clip::factor(norm, largest));
            sgd.step_scaled(model.parameters_mut(), gradient, factor);
            shown.step(|seconds, done| {
                let speed = done * columns as f64 / seconds;
                format!("perplexity {:.2}   {speed:.0} tokens/s", (total / done).exp())
            });
        }
        let seconds = shown.seconds();
        let train = (total / batches as f64).exp();
        // A text that is learnt by heart is its own validation.
        let valid = if corpus.valid.is_empty() { &corpus.train } else { &corpus.valid };
        let valid = perplexity::<N, V>(&model, valid)?;
        let line = format!(
            "train {train:9.2}   valid {valid:9.2}   rate {:.4}   {:.0} tokens/s   {seconds:.0} s",
            progress.rate,
            (batches * columns) as f64 / seconds,
        );
        progress.perplexities.push([train, valid]);
        if valid < progress.best {
            progress.best = valid;
            model.save(&best)?;
        } else {
            progress.rate /= settings.divide;
        }
        progress.save(&checkpoint, &model, workspace.state_mut())?;
        progress.draw(&picture)?;
        // Where nobody reads it, the program ends here, and nothing is lost.
        shown.end(&line);
    }
    if !corpus.test.is_empty() {
        let test = perplexity::<N, V>(&Model::load(&best)?, &corpus.test)?;
        println!("best: valid {:.2}, test {test:.2}", progress.best);
    }
    println!("{} and {}", best.display(), picture.display());
    Ok(())
}

/// The lanes in which a text is measured.
const LANES: usize = 10;

/// The exponential of the mean loss over a text, in ten lanes, as the book measures it.
fn perplexity<N: LanguageModel<V>, const V: usize>(model: &Model<N>, text: &[u32]) -> Result<f64> {
    let steps = 35.min((text.len() - 1) / LANES);
    let mut sequences = Sequences::<V>::new(text, LANES, steps)?;
    let mut inference = Inference::<N>::with_lanes(LANES * steps, LANES);
    let loss = SoftmaxCrossEntropy::new();
    let mut total = 0.0;
    let batches = sequences.batches();
    for _ in 0..batches {
        // Here, too, the state goes on from batch to batch.
        let (x, t) = sequences.next_batch();
        total += f64::from(loss.evaluate(inference.run(model, x), t, None));
    }
    Ok((total / batches as f64).exp())
}
