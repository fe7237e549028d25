//! Recurrent language models (book 2, chapters 5 to 7): trains, evaluates and writes text.
//!
//! ```text
//! cargo run --release --example language_model -- --model lstm --data DIR
//! cargo run --release --example language_model -- --model lstm --data DIR --generate 100 --prompt "the company"
//! ```
//!
//! With `--data` the corpus is the Penn Treebank (the files `ptb.train.txt`, `ptb.valid.txt` and
//! `ptb.test.txt`, in `DIR` or `DIR/ptb`); without, it is *Hamlet*, which comes with the example.

#[path = "common/corpus.rs"]
mod corpus;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Parser, ValueEnum};
use formwork::data::ptb::Corpus;
use formwork::data::text::{Vocabulary, words};
use formwork::data::{Sequences, Tokens};
use formwork::network::Outputs;
use formwork::optim::{Optimizer, Sgd, clip};
use formwork::plot::{self, Axis, Frame, Series};
use formwork::prelude::*;
use rand::{RngExt, SeedableRng};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The vocabulary of the Penn Treebank.
const WORDS: usize = 10_000;
/// The vocabulary of its first thousand words.
const FEW: usize = 418;

network! {
    /// Chapter 5: a simple recurrent network.
    pub struct WithRnn: Token<FEW> => Vector<FEW> {
        embed: Embedding<100>,
        rnn: Rnn<100>,
        head: Dense<FEW>(Init::LeCun),
    }
}

network! {
    /// Chapter 6: one LSTM.
    pub struct WithLstm: Token<WORDS> => Vector<WORDS> {
        embed: Embedding<100>,
        lstm: Lstm<100>,
        head: Dense<WORDS>(Init::LeCun),
    }
}

network! {
    /// The same with a GRU.
    pub struct WithGru: Token<WORDS> => Vector<WORDS> {
        embed: Embedding<100>,
        gru: Gru<100>,
        head: Dense<WORDS>(Init::LeCun),
    }
}

network! {
    /// Chapter 6: two LSTMs, dropout, and the output tied to the embedding.
    pub struct Better: Token<WORDS> => Vector<WORDS> {
        embed: Embedding<650>,
        Dropout(0.5),
        lstm1: Lstm<650>,
        Dropout(0.5),
        lstm2: Lstm<650>,
        Dropout(0.5),
        head: Dense<WORDS> tied to embed,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Kind {
    Rnn,
    Lstm,
    Gru,
    Better,
}

/// Trains a recurrent language model, or writes text with one that has been trained.
#[derive(Parser)]
struct Args {
    /// Which model, with the book's settings.
    #[arg(long, value_enum, default_value = "lstm")]
    model: Kind,
    /// The folder of the Penn Treebank; without it, the text is Hamlet.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Where weights and the state of the training are kept.
    #[arg(long, default_value = "target/language_model")]
    out: PathBuf,
    /// Epochs; by default the book's number.
    #[arg(long)]
    epochs: Option<usize>,
    /// Goes on where an earlier training of the same model stopped.
    #[arg(long)]
    resume: bool,
    /// Writes this many words instead of training.
    #[arg(long)]
    generate: Option<usize>,
    /// What the text begins with.
    #[arg(long, default_value = "the")]
    prompt: String,
    /// Below 1 likely words become more so, above 1 less.
    #[arg(long, default_value_t = 1.0)]
    temperature: f32,
    /// Chooses among this many words, the most likely ones.
    #[arg(long, default_value_t = 50)]
    top_k: usize,
    /// What all random numbers follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; by default one for each core.
    #[arg(long, default_value_t = 0)]
    threads: usize,
}

/// How a model is trained.
struct Settings {
    lanes: usize,
    steps: usize,
    rate: f64,
    clip: f64,
    epochs: usize,
}

fn main() -> Result {
    let args = Args::parse();
    if args.temperature.is_nan() || args.temperature <= 0.0 || args.top_k == 0 {
        return Err("--temperature and --top-k must be above 0".into());
    }
    rayon::ThreadPoolBuilder::new().num_threads(args.threads).build_global()?;
    let corpus = corpus::corpus(args.data.as_deref())?;
    let book = Settings { lanes: 20, steps: 35, rate: 20.0, clip: 0.25, epochs: 4 };
    match args.model {
        Kind::Rnn => {
            let few = first_words(&corpus);
            let book =
                Settings { lanes: 10, steps: 5, rate: 0.1, clip: f64::INFINITY, epochs: 100 };
            run::<WithRnn, FEW>(&args, &few, &book)
        }
        Kind::Lstm => run::<WithLstm, WORDS>(&args, &corpus, &book),
        Kind::Gru => run::<WithGru, WORDS>(&args, &corpus, &book),
        Kind::Better => run::<Better, WORDS>(&args, &corpus, &Settings { epochs: 40, ..book }),
    }
}

fn run<N, const V: usize>(args: &Args, corpus: &Corpus, book: &Settings) -> Result
where
    N: Network<Sample = Tokens<V>, Outputs = Outputs<V>>,
{
    fs::create_dir_all(&args.out)?;
    let name = format!("{:?}", args.model).to_lowercase();
    let files = Files {
        best: args.out.join(format!("{name}.safetensors")),
        last: args.out.join(format!("{name}.last.safetensors")),
        progress: args.out.join(format!("{name}.progress")),
        picture: args.out.join(format!("{name}.svg")),
    };
    match args.generate {
        Some(count) => generate::<N, V>(args, &corpus.vocabulary, &files.best, count),
        None => train::<N, V>(args, corpus, book, &files),
    }
}

/// What a training leaves behind.
struct Files {
    best: PathBuf,
    last: PathBuf,
    progress: PathBuf,
    picture: PathBuf,
}

fn train<N, const V: usize>(args: &Args, corpus: &Corpus, book: &Settings, files: &Files) -> Result
where
    N: Network<Sample = Tokens<V>, Outputs = Outputs<V>>,
{
    print!("{}", N::summary());
    let mut rng = Generator::seed_from_u64(args.seed);
    let (mut model, mut progress) = if args.resume {
        (Model::<N>::load(&files.last)?, Progress::load(&files.progress)?)
    } else {
        (Model::new(&mut rng), Progress::new(book.rate))
    };
    let columns = book.lanes * book.steps;
    let mut text = Sequences::<V>::new(&corpus.train, book.lanes, book.steps)?;
    let mut workspace =
        Workspace::<N>::with_lanes(columns, book.lanes, args.seed + progress.epoch as u64);
    let mut sgd = Sgd::new(progress.rate);
    let loss = SoftmaxCrossEntropy::new();
    let batches = text.batches();
    text.seek(progress.epoch * batches * book.steps);
    for epoch in progress.epoch..args.epochs.unwrap_or(book.epochs) {
        sgd.set_learning_rate(progress.rate);
        let (start, mut shown, mut total) = (Instant::now(), Instant::now(), 0.0);
        for batch in 1..=batches {
            let (x, t) = text.next_batch();
            workspace.forward(&model, x);
            total += f64::from(workspace.loss(&loss, t));
            let gradient = workspace.backward(&model, x);
            let factor = match clip::norm(gradient)? {
                norm if norm > book.clip => clip::factor(norm, book.clip),
                _ => 1.0,
            };
            sgd.step_scaled(model.parameters_mut(), gradient, factor);
            if shown.elapsed().as_secs_f64() > 0.5 || batch == batches {
                shown = Instant::now();
                let perplexity = (total / batch as f64).exp();
                let speed = (batch * columns) as f64 / start.elapsed().as_secs_f64();
                eprint!(
                    "\repoch {:>3}  {batch:>5} / {batches}  perplexity {perplexity:9.2}  {speed:8.0} tokens/s ",
                    epoch + 1
                );
                std::io::stderr().flush()?;
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        // A text that is learnt by heart is its own validation.
        let valid = if corpus.valid.is_empty() { &corpus.train } else { &corpus.valid };
        let valid = perplexity::<N, V>(&model, valid)?;
        eprint!("\r");
        println!(
            "epoch {:>3}  train {:9.2}  valid {valid:9.2}  rate {:.4}  {:.0} tokens/s  {seconds:.0} s      ",
            epoch + 1,
            (total / batches as f64).exp(),
            progress.rate,
            (batches * columns) as f64 / seconds,
        );
        if valid < progress.best {
            progress.best = valid;
            model.save(&files.best)?;
        } else if args.model != Kind::Rnn {
            progress.rate /= 4.0;
        }
        progress.epoch = epoch + 1;
        progress.perplexities.push([(total / batches as f64).exp(), valid]);
        model.save(&files.last)?;
        progress.save(&files.progress)?;
        progress.draw(&files.picture)?;
    }
    let best = Model::<N>::load(&files.best)?;
    if !corpus.test.is_empty() {
        println!(
            "best: valid {:.2}, test {:.2}",
            progress.best,
            perplexity::<N, V>(&best, &corpus.test)?
        );
    }
    println!("{} and {}", files.best.display(), files.picture.display());
    Ok(())
}

/// The exponential of the mean loss over a text, in ten lanes, as the book measures it.
fn perplexity<N, const V: usize>(model: &Model<N>, text: &[u32]) -> Result<f64>
where
    N: Network<Sample = Tokens<V>, Outputs = Outputs<V>>,
{
    const LANES: usize = 10;
    let steps = 35.min((text.len() - 1) / LANES);
    let mut sequences = Sequences::<V>::new(text, LANES, steps)?;
    let mut inference = Inference::<N>::with_lanes(LANES * steps, LANES);
    let loss = SoftmaxCrossEntropy::new();
    let mut total = 0.0;
    let batches = sequences.batches();
    for _ in 0..batches {
        let (x, t) = sequences.next_batch();
        total += f64::from(loss.evaluate(inference.run(model, x), t, None));
    }
    Ok((total / batches as f64).exp())
}

fn generate<N, const V: usize>(
    args: &Args,
    vocabulary: &Vocabulary,
    weights: &Path,
    count: usize,
) -> Result
where
    N: Network<Sample = Tokens<V>, Outputs = Outputs<V>>,
{
    let model = Model::<N>::load(weights)?;
    let mut rng = Generator::seed_from_u64(args.seed);
    let mut stream = Inference::<N>::with_lanes(1, 1);
    let mut prompt = vocabulary.encode(words(&args.prompt))?;
    prompt.pop(); // the end of the line
    let mut ids = prompt.clone();
    for &id in &prompt[..prompt.len().saturating_sub(1)] {
        stream.run(&model, &formwork::data::Batch::from_vec(vec![id])?);
    }
    let mut last = *prompt.last().ok_or("--prompt has no words")?;
    for _ in 0..count {
        let logits = stream.run(&model, &formwork::data::Batch::from_vec(vec![last])?);
        // Ids beyond the vocabulary of a smaller text stand for nothing.
        last = sample(&logits[..vocabulary.len().min(V)], args, &mut rng);
        ids.push(last);
    }
    let text: Vec<&str> = ids.iter().filter_map(|&id| vocabulary.text(id)).collect();
    println!("{}", text.join(" ").replace(" <eos>", "\n"));
    Ok(())
}

/// Draws an id from the softmax of the largest logits.
fn sample(logits: &[f32], args: &Args, rng: &mut Generator) -> u32 {
    let mut order: Vec<usize> = (0..logits.len()).collect();
    order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
    order.truncate(args.top_k);
    let weights: Vec<f32> =
        order.iter().map(|&i| ((logits[i] - logits[order[0]]) / args.temperature).exp()).collect();
    let mut left = rng.random_range(0.0..weights.iter().sum::<f32>());
    for (&id, weight) in order.iter().zip(&weights) {
        left -= weight;
        if left <= 0.0 {
            return id as u32;
        }
    }
    order[0] as u32
}

/// Where a training stands after an epoch.
struct Progress {
    epoch: usize,
    rate: f64,
    best: f64,
    /// Of each epoch, while training and on the text to choose settings by.
    perplexities: Vec<[f64; 2]>,
}

impl Progress {
    fn new(rate: f64) -> Self {
        Self { epoch: 0, rate, best: f64::INFINITY, perplexities: Vec::new() }
    }

    fn save(&self, path: &Path) -> Result {
        let mut text = format!("{} {} {}\n", self.epoch, self.rate, self.best);
        for [train, valid] in &self.perplexities {
            text += &format!("{train} {valid}\n");
        }
        Ok(fs::write(path, text)?)
    }

    fn load(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let wrong = |line: usize| {
            format!("{}, line {line}: expected numbers of an earlier training", path.display())
        };
        let mut lines = text.lines().enumerate().map(|(i, line)| {
            let numbers: Option<Vec<f64>> =
                line.split(' ').map(|number| number.parse().ok()).collect();
            numbers.ok_or_else(|| wrong(i + 1))
        });
        let [epoch, rate, best] =
            lines.next().ok_or_else(|| wrong(1))??.try_into().map_err(|_| wrong(1))?;
        let mut perplexities = Vec::new();
        for (i, pair) in lines.enumerate() {
            perplexities.push(pair?.try_into().map_err(|_| wrong(i + 2))?);
        }
        Ok(Self { epoch: epoch as usize, rate, best, perplexities })
    }

    fn draw(&self, path: &Path) -> plot::Result<()> {
        let series = ["training", "validation"].into_iter().enumerate().map(|(i, name)| {
            let points: Vec<[f64; 2]> =
                (1..).zip(&self.perplexities).map(|(epoch, p)| [f64::from(epoch), p[i]]).collect();
            Series { markers: points.len() <= 40, ..Series::path(name, &points) }
        });
        let series: Vec<Series> = series.collect();
        let frame = Frame::new("Perplexity", Axis::linear("epoch"), Axis::log(""));
        plot::lines(path, &series, &frame)
    }
}

/// The first thousand words, or as many as are of `FEW` kinds.
fn first_words(corpus: &Corpus) -> Corpus {
    let few: Vec<u32> =
        corpus.train.iter().copied().take(1000).take_while(|&id| (id as usize) < FEW).collect();
    Corpus {
        train: few,
        valid: Vec::new(),
        test: Vec::new(),
        vocabulary: corpus.vocabulary.clone(),
    }
}
