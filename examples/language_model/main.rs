//! Recurrent language models (book 2, chapters 5 to 7): trains, evaluates and writes text.
//!
//! ```text
//! cargo run --release --example language_model -- --model lstm --data DIR
//! cargo run --release --example language_model -- --model lstm --data DIR --resume --epochs 6
//! cargo run --release --example language_model -- --model lstm --data DIR --generate 100 --prompt "the company"
//! ```
//!
//! With `--data` or `FORMWORK_DATA` the text is the Penn Treebank (`ptb.train.txt`, `ptb.valid.txt`
//! and `ptb.test.txt`, in the folder or in `ptb` within it); without, it is *Hamlet*, which comes
//! with the example.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
mod checkpoint;
mod generate;
mod networks;
mod train;

use clap::{Parser, ValueEnum};
use common::checkpoints::Checkpoints;
use common::corpus::hamlet;
use formwork::data::ptb::Corpus;
use formwork::data::text::{Vocabulary, separated, words};
use generate::{Sampling, generate};
use networks::{Better, FEW, LanguageModel, WORDS, WithGru, WithLstm, WithRnn};
use std::path::Path;
use train::{Settings, train};

/// Trains a recurrent language model, or writes text with one that has been trained.
#[derive(Parser)]
#[command(name = "language_model")]
struct Args {
    /// Which model, with the book's settings
    #[arg(long, value_enum, default_value = "lstm")]
    model: Kind,
    /// Writes this many words instead of training
    #[arg(long, value_name = "WORDS")]
    generate: Option<usize>,
    /// What the text begins with
    #[arg(long, default_value = "the")]
    prompt: String,
    /// Below 1 likely words become more so, above 1 less
    #[arg(long, default_value_t = 1.0)]
    temperature: f32,
    /// Chooses among this many words, the most likely ones
    #[arg(long, default_value_t = 50)]
    top_k: usize,
    #[command(flatten)]
    checkpoints: Checkpoints,
    #[command(flatten)]
    flags: common::Flags,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// Chapter 5: a simple recurrent network, on a thousand words
    Rnn,
    /// Chapter 6: one LSTM
    Lstm,
    /// The same with a GRU
    Gru,
    /// Chapter 6: two LSTMs, dropout, and the output tied to the embedding
    Better,
}

fn main() -> common::Result {
    let args = Args::parse();
    if !(args.temperature > 0.0 && args.temperature.is_finite() && args.top_k > 0) {
        return Err("--temperature and --top-k must be above 0".into());
    }
    let treebank = args.flags.treebank()?;
    let name = if treebank.is_some() { "treebank" } else { "hamlet" };
    let out = args.flags.prepare(&format!("language_model/{name}"))?;
    // The prompt is cut into words as the text was.
    let prompt: Vec<String> = match treebank {
        Some(_) => separated(&args.prompt).map(String::from).collect(),
        None => words(&args.prompt).collect(),
    };
    let corpus = treebank.map_or_else(hamlet, Ok)?;
    let book =
        Settings { lanes: 20, steps: 35, rate: 20.0, divide: 4.0, clip: Some(0.25), epochs: 4 };
    match args.model {
        Kind::Rnn => {
            let few = first_words(&corpus);
            let book =
                Settings { lanes: 10, steps: 5, rate: 0.1, divide: 1.0, clip: None, epochs: 100 };
            run::<WithRnn, FEW>(&args, &few, &prompt, &book, &out)
        }
        Kind::Lstm => run::<WithLstm, WORDS>(&args, &corpus, &prompt, &book, &out),
        Kind::Gru => run::<WithGru, WORDS>(&args, &corpus, &prompt, &book, &out),
        Kind::Better => {
            let book = Settings { epochs: 40, ..book };
            run::<Better, WORDS>(&args, &corpus, &prompt, &book, &out)
        }
    }
}

fn run<N: LanguageModel<V>, const V: usize>(
    args: &Args,
    corpus: &Corpus,
    prompt: &[String],
    book: &Settings,
    out: &Path,
) -> common::Result {
    let kinds = corpus.vocabulary.len();
    if kinds > V {
        return Err(format!("the text has {kinds} kinds of words, expected at most {V}").into());
    }
    let files = out.join(format!("{:?}", args.model).to_lowercase());
    let Args { temperature, top_k, ref checkpoints, ref flags, .. } = *args;
    match args.generate {
        Some(count) => {
            let sampling = Sampling { temperature, top_k, seed: flags.seed };
            let text = generate::<N, V>(&files, &corpus.vocabulary, prompt, count, &sampling)?;
            println!("{text}");
            Ok(())
        }
        None => {
            let book = Settings { epochs: flags.epochs(book.epochs), ..*book };
            train::<N, V>(&files, corpus, &book, flags.seed, checkpoints)
        }
    }
}

/// The first thousand words, or as many as are of `FEW` kinds, as a text of their own.
fn first_words(corpus: &Corpus) -> Corpus {
    let few = corpus.train.iter().take(1000).take_while(|id| (**id as usize) < FEW);
    let mut vocabulary = Vocabulary::new();
    // Ids are given out in the order of first appearance, so they stay what they are.
    let train = vocabulary.extend(few.filter_map(|&id| corpus.vocabulary.text(id)));
    Corpus { vocabulary, train, valid: Vec::new(), test: Vec::new() }
}
