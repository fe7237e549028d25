//! Word vectors (book 2, chapters 2 to 4): counts them, or learns them, and asks them for similar
//! words and analogies.
//!
//! ```text
//! cargo run --release --example word_vectors -- --method cbow --data DIR
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
use formwork::data::text::Vocabulary;
use formwork::loss::{NegativeSampling, UnigramSampler};
use formwork::optim::{Adam, Optimizer, RowOptimizer, Rows, SparseAdam};
use formwork::plain::{as_mut_slice, as_slice};
use formwork::plot::{self, Axis, Frame};
use formwork::prelude::*;
use formwork::words::{CoOccurrence, Contexts, WordVectors, svd};
use nalgebra::DMatrix;
use rand::SeedableRng;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The vocabulary of the Penn Treebank.
const WORDS: usize = 10_000;
/// Numbers in a vector.
const HIDDEN: usize = 100;
/// Words around a word: five on each side.
const AROUND: usize = 10;
/// Words drawn at random for each target.
const NEGATIVES: usize = 5;
const BATCH: usize = 100;

network! {
    /// Chapter 4: from the mean of the words around a word.
    pub struct Cbow: Bag<WORDS, AROUND> => Vector<HIDDEN> { embed: EmbeddingBag<HIDDEN> }
}

network! {
    /// Chapter 4: from a word to those around it.
    pub struct SkipGram: Token<WORDS> => Vector<HIDDEN> { embed: Embedding<HIDDEN> }
}

network! {
    /// Chapter 3: the word between two others, of a vocabulary of seven, by its full softmax.
    pub struct Toy: Bag<7, 2> => Vector<7> {
        embed: EmbeddingBag<5>,
        head: Dense<7>(Init::Normal(0.01)),
    }
}

network! {
    /// Chapter 3: those around a word.
    pub struct ToySkipGram: Token<7> => Vector<7> {
        embed: Embedding<5>,
        head: Dense<7>(Init::Normal(0.01)),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Method {
    /// Counts, positive pointwise mutual information, and a singular value decomposition
    PpmiSvd,
    /// Continuous bag of words with negative sampling
    Cbow,
    /// Skip-gram with negative sampling
    SkipGram,
    /// Chapters 2 and 3 on their sentence of eight words
    Toy,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Updates {
    /// Adam as it is defined: all vectors move at every step, as the book has it
    DenseAdam,
    /// Only the vectors of the words in a batch move
    SparseAdam,
}

/// Learns word vectors, and asks them for similar words and analogies.
#[derive(Parser)]
struct Args {
    /// How
    #[arg(long, value_enum, default_value = "cbow")]
    method: Method,
    /// The rule by which vectors are updated
    #[arg(long, value_enum, default_value = "dense-adam")]
    updates: Updates,
    /// Folder with the Penn Treebank [default: Hamlet, which comes with the example]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder for the vectors and the picture
    #[arg(long, value_name = "DIR", default_value = "target/word_vectors")]
    out: PathBuf,
    /// Times to go through the text
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    epochs: u32,
    /// Seed of all random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads to compute on [default: all cores]
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    threads: usize,
}

fn main() -> Result {
    let args = Args::parse();
    rayon::ThreadPoolBuilder::new().num_threads(args.threads).build_global()?;
    fs::create_dir_all(&args.out).map_err(|error| format!("{}: {error}", args.out.display()))?;
    if args.method == Method::Toy {
        return toy(args.seed);
    }
    let corpus = corpus::corpus(args.data.as_deref())?;
    let start = Instant::now();
    let vectors = match args.method {
        Method::PpmiSvd => count(&corpus, args.seed)?,
        _ => match args.updates {
            Updates::DenseAdam => learn(&args, &corpus, || Adam::new(0.001))?,
            Updates::SparseAdam => learn(&args, &corpus, || SparseAdam::new(0.001))?,
        },
    };
    println!("{} vectors in {:.0} s", vectors.vocabulary().len(), start.elapsed().as_secs_f64());

    let name = format!("{:?}", args.method).to_lowercase();
    let [binary, text] = ["safetensors", "txt"].map(|end| args.out.join(format!("{name}.{end}")));
    vectors.save(&binary)?;
    vectors.save_text(&text)?;
    let read = [WordVectors::load(&binary)?, WordVectors::load_text(&text)?];
    if read.iter().any(|read| *read != vectors) {
        return Err("the vectors read back differ from those written".into());
    }
    let picture = args.out.join(format!("{name}.svg"));
    draw(&vectors, &corpus, &picture)?;
    println!("{}, {} and {}\n", binary.display(), text.display(), picture.display());
    ask(&vectors, args.data.is_some(), args.method);
    Ok(())
}

/// Chapter 2: the counts of words two places apart, weighed and reduced to 100 dimensions.
fn count(corpus: &Corpus, seed: u64) -> Result<WordVectors> {
    let counts = CoOccurrence::count(&corpus.train, corpus.vocabulary.len(), 2)?;
    println!("{} kinds of neighbours", counts.matrix().len());
    let weighed = counts.positive_pmi();
    let reduced = svd::truncated(&weighed, HIDDEN, &mut Generator::seed_from_u64(seed))?;
    let vectors = reduced.u.transpose().iter().map(|&x| x as f32).collect();
    Ok(WordVectors::new(corpus.vocabulary.clone(), vectors, HIDDEN)?)
}

/// Chapter 4: a network with negative sampling.
fn learn<O: RowOptimizer<f32>>(
    args: &Args,
    corpus: &Corpus,
    optimizer: impl Fn() -> O,
) -> Result<WordVectors> {
    let sampler = UnigramSampler::new(&corpus.train, WORDS, 0.75)?;
    let mut loss = NegativeSampling::<WORDS, HIDDEN>::new(sampler, NEGATIVES, args.seed);
    let mut contexts = Contexts::<WORDS, AROUND>::new(&corpus.train)?;
    let mut rng = Generator::seed_from_u64(args.seed);
    let (mut of_network, mut of_loss) = (optimizer(), optimizer());
    let mut rows = Rows::new(WORDS);
    let batches = contexts.len() / BATCH;
    let mut progress = Progress::new(args.epochs as usize, batches);
    // The two networks differ in type, and share the steps around them.
    macro_rules! train {
        ($network:ty, $columns:expr, $next:ident) => {{
            let mut model = Model::<$network>::new(&mut rng);
            let mut workspace = Workspace::<$network>::new($columns, args.seed);
            for _ in 0..args.epochs {
                contexts.shuffle(&mut rng);
                while let Some((inputs, targets)) = contexts.$next(BATCH) {
                    workspace.forward(&model, inputs);
                    let value = workspace.sampled_loss(&mut loss, targets);
                    workspace.backward(&model, inputs);
                    rows.set(inputs.data());
                    let gradient = as_slice(&workspace.gradient().embed.weight);
                    of_network.step_rows(as_mut_slice(&mut model.embed.weight), gradient, &rows);
                    loss.step(&mut of_loss);
                    progress.step(value)?;
                }
            }
            model.parameters().to_vec()
        }};
    }
    let mut vectors = match args.method {
        Method::SkipGram => train!(SkipGram, BATCH * AROUND, next_pairs),
        _ => train!(Cbow, BATCH, next_bags),
    };
    vectors.truncate(corpus.vocabulary.len() * HIDDEN);
    Ok(WordVectors::new(corpus.vocabulary.clone(), vectors, HIDDEN)?)
}

/// A line for each epoch, and one that changes during it.
struct Progress {
    epochs: usize,
    batches: usize,
    done: usize,
    total: f64,
    start: Instant,
    shown: Instant,
}

impl Progress {
    fn new(epochs: usize, batches: usize) -> Self {
        let now = Instant::now();
        Self { epochs, batches, done: 0, total: 0.0, start: now, shown: now }
    }

    fn step(&mut self, loss: f32) -> Result {
        if !loss.is_finite() {
            return Err(format!("the loss of step {} is {loss}", self.done).into());
        }
        self.total += f64::from(loss);
        self.done += 1;
        let batch = (self.done - 1) % self.batches + 1;
        let last = batch == self.batches;
        if last || self.shown.elapsed().as_secs_f64() > 0.5 {
            self.shown = Instant::now();
            let line = format!(
                "epoch {:>2} / {}  {:3.0} %  loss {:.4}  {:6.0} words/s",
                (self.done - 1) / self.batches + 1,
                self.epochs,
                100.0 * batch as f64 / self.batches as f64,
                self.total / batch as f64,
                (self.done * BATCH) as f64 / self.start.elapsed().as_secs_f64(),
            );
            eprint!("\r{line} ");
            std::io::stderr().flush()?;
            if last {
                eprint!("\r");
                println!("{line}");
                self.total = 0.0;
            }
        }
        Ok(())
    }
}

/// The hundred most frequent words in the plane of the two main axes of their vectors.
fn draw(vectors: &WordVectors, corpus: &Corpus, path: &Path) -> Result {
    let mut counts = vec![0_usize; corpus.vocabulary.len()];
    corpus.train.iter().for_each(|&id| counts[id as usize] += 1);
    let mut frequent: Vec<usize> = (0..counts.len()).collect();
    frequent.sort_by_key(|&id| std::cmp::Reverse(counts[id]));
    frequent.truncate(100);
    let dimensions = vectors.dimensions();
    let mut matrix = DMatrix::from_fn(frequent.len(), dimensions, |i, j| {
        f64::from(vectors.as_slice()[frequent[i] * dimensions + j])
    });
    matrix.row_iter_mut().for_each(|mut row| {
        row.normalize_mut();
    });
    let mean = matrix.row_mean();
    matrix.row_iter_mut().for_each(|mut row| row -= &mean);
    let axes = matrix.clone().svd(false, true).v_t.ok_or("no axes")?;
    let plane = matrix * axes.rows(0, 2).transpose();
    let points: Vec<[f64; 2]> = plane.row_iter().map(|row| [row[0], row[1]]).collect();
    let names: Vec<&str> =
        frequent.iter().filter_map(|&id| corpus.vocabulary.text(id as u32)).collect();
    let title = "The 100 most frequent words, on the two main axes of their vectors";
    Ok(plot::words(path, &points, &names, &Frame::new(title, Axis::default(), Axis::default()))?)
}

/// Asks what the book asks, and shows its answers beside ours.
fn ask(vectors: &WordVectors, treebank: bool, method: Method) {
    let words =
        if treebank { ["you", "year", "car", "toyota"] } else { ["king", "thou", "love", "night"] };
    let book = [("you", "we 0.610"), ("year", "month 0.719"), ("toyota", "ford 0.551")];
    for word in words {
        match vectors.most_similar(word, 5) {
            Ok(near) => {
                let near: Vec<_> =
                    near.iter().map(|n| format!("{} {:.3}", n.word, n.similarity)).collect();
                print!("{word:8} {}", near.join(", "));
            }
            Err(error) => print!("{word:8} {error}"),
        }
        let known = book.iter().find(|(asked, _)| treebank && *asked == word);
        match (method, known) {
            (Method::Cbow, Some((_, answer))) => println!("   (the book: {answer})"),
            _ => println!(),
        }
    }
    println!();
    let questions = [
        (["king", "man", "queen"], "woman"),
        (["take", "took", "go"], "went"),
        (["car", "cars", "child"], "children"),
        (["good", "better", "bad"], "more"),
    ];
    for (question @ [a, b, c], book) in questions {
        match vectors.analogy(question, 5) {
            Ok(near) => {
                let near: Vec<_> = near.iter().map(|n| n.word).collect();
                println!("{a}:{b} = {c}:?  {}   (the book: {book})", near.join(", "));
            }
            Err(error) => println!("{a}:{b} = {c}:?  {error}"),
        }
    }
}

/// The sentence of chapters 2 and 3.
fn toy(seed: u64) -> Result {
    let mut vocabulary = Vocabulary::new();
    let corpus = vocabulary.extend("you say goodbye and i say hello .".split(' '));
    let counts = CoOccurrence::count(&corpus, vocabulary.len(), 1)?;
    let id = |word: &str| vocabulary.id(word).ok_or(format!("{word} is in the sentence"));
    let (you, i) = (id("you")? as usize, id("i")? as usize);
    println!("similarity of you and i  {:.5} (the book: 0.70711)", counts.matrix().cosine(you, i));
    println!("positive PMI");
    let weighed = counts.positive_pmi();
    for row in 0..weighed.rows() {
        let entries =
            (0..weighed.columns()).map(|column| format!("{:.3}", weighed.get(row, column)));
        println!("  {}", entries.collect::<Vec<_>>().join(" "));
    }

    let mut contexts = Contexts::<7, 2>::new(&corpus)?;
    let mut rng = Generator::seed_from_u64(seed);
    // The two networks differ in type, and share the steps around them.
    macro_rules! train {
        ($network:ty, $columns:expr, $next:ident) => {{
            let mut model = Model::<$network>::new(&mut rng);
            let mut workspace = Workspace::<$network>::new($columns, seed);
            let mut adam = Adam::new(0.001);
            let mut ends = [0.0; 2];
            for epoch in 0..1000 {
                contexts.shuffle(&mut rng);
                let (mut total, mut batches) = (0.0, 0);
                while let Some((inputs, targets)) = contexts.$next(3) {
                    workspace.forward(&model, inputs);
                    total += workspace.loss(&SoftmaxCrossEntropy::new(), targets);
                    batches += 1;
                    workspace.backward(&model, inputs);
                    adam.step(model.parameters_mut(), workspace.gradient_mut());
                    // The book's network has none.
                    model.head.bias.fill(0.0);
                }
                ends[usize::from(epoch > 0)] = total / batches as f32;
            }
            ends
        }};
    }
    let [first, last] = train!(Toy, 3, next_bags);
    println!("CBOW, 1000 epochs       loss {first:.2} to {last:.2} (the book: 1.95 to 0.69)");
    let [first, last] = train!(ToySkipGram, 6, next_pairs);
    println!(
        "skip-gram, 1000 epochs  loss {first:.2} to {last:.2}, a mean over the two words around"
    );
    Ok(())
}
