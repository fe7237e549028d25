//! Text from a model that has been trained.

use crate::common::Result;
use crate::networks::LanguageModel;
use formwork::data::text::{END_OF_LINE, Vocabulary};
use formwork::prelude::*;
use rand::{RngExt, SeedableRng};
use std::path::Path;

/// How the next word is chosen.
pub struct Sampling {
    pub temperature: f32,
    pub top_k: usize,
    pub seed: u64,
}

/// The words of the prompt, and so many more.
pub fn generate<N: LanguageModel<V>, const V: usize>(
    files: &Path,
    vocabulary: &Vocabulary,
    prompt: &[String],
    count: usize,
    sampling: &Sampling,
) -> Result<String> {
    let mut ids = vocabulary.encode(prompt).map_err(|unknown| {
        let (word, text) = (unknown.position + 1, unknown.text);
        format!("word {word} of --prompt is {text:?}, expected words of the text trained on")
    })?;
    ids.pop(); // the end of the line
    if ids.is_empty() {
        return Err("--prompt has no words".into());
    }
    let model = Model::<N>::load(files.with_extension("safetensors"))?;
    let mut rng = Generator::seed_from_u64(sampling.seed);
    let mut stream = Stream::new(&model, 1);
    for at in 0..ids.len() + count - 1 {
        let logits = stream.step(&[ids[at]]);
        if at + 1 == ids.len() {
            // Ids beyond the vocabulary of a small text stand for nothing.
            ids.push(sampling.draw(&logits.as_slice()[..vocabulary.len()], &mut rng));
        }
    }
    let text: Vec<&str> = ids.iter().filter_map(|&id| vocabulary.text(id)).collect();
    Ok(text.join(" ").replace(&format!(" {END_OF_LINE}"), "\n"))
}

impl Sampling {
    /// Draws an id from the softmax of the largest logits.
    fn draw(&self, logits: &[f32], rng: &mut Generator) -> u32 {
        let mut order: Vec<usize> = (0..logits.len()).collect();
        order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
        order.truncate(self.top_k);
        let weight = |&id: &usize| ((logits[id] - logits[order[0]]) / self.temperature).exp();
        let mut left = rng.random_range(0.0..order.iter().map(weight).sum::<f32>());
        let drawn = order.iter().find(|id| {
            left -= weight(id);
            left <= 0.0
        });
        // By rounding, a little may be left.
        *drawn.unwrap_or(&order[0]) as u32
    }
}
