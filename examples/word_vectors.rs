//! Word vectors (book 2, chapters 2 to 4): counts them, or learns them, and asks them for similar
//! words and analogies.
//!
//! ```text
//! cargo run --release --example word_vectors -- --method cbow --data DIR
//! ```
//!
//! With `--data` or `FORMWORK_DATA` the corpus is the Penn Treebank (`ptb.train.txt`, `ptb.valid.txt`
//! and `ptb.test.txt`, in the folder or in `ptb` within it); without, it is *Hamlet*, which comes
//! with the example.

#[macro_use]
mod common;

use clap::{Parser, ValueEnum};
use common::Result;
use common::corpus::hamlet;
use common::progress::Epoch;
use formwork::data::ptb::Corpus;
use formwork::data::text::Vocabulary;
use formwork::layer::{as_mut_slice, as_slice};
use formwork::loss::{NegativeSampling, UnigramSampler};
use formwork::optim::{Adam, Optimizer, RowOptimizer, Rows, SparseAdam};
use formwork::plot::{Axis, Chart};
use formwork::prelude::*;
use formwork::words::{CoOccurrence, Contexts, WordVectors, svd};
use nalgebra::DMatrix;
use rand::SeedableRng;
use std::path::Path;
use std::time::Instant;

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
    pub struct Cbow: Bag<WORDS, AROUND> => Vector<HIDDEN> { embed: Embedding<HIDDEN> }
}

network! {
    /// Chapter 4: from a word to those around it.
    pub struct SkipGram: Token<WORDS> => Vector<HIDDEN> { embed: Embedding<HIDDEN> }
}

network! {
    /// Chapter 3: the word between two others, of a vocabulary of seven, by its full softmax.
    pub struct Toy: Bag<7, 2> => Vector<7> {
        embed: Embedding<5>,
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
    #[command(flatten)]
    flags: common::Flags,
}

fn main() -> Result {
    let args = Args::parse();
    let out = args.flags.prepare("word_vectors")?;
    if args.method == Method::Toy {
        return toy(args.flags.seed);
    }
    let treebank = args.flags.treebank()?;
    let is_treebank = treebank.is_some();
    let corpus = treebank.map_or_else(hamlet, Ok)?;
    let start = Instant::now();
    let vectors = match args.method {
        Method::PpmiSvd => count(&corpus, args.flags.seed)?,
        _ => match args.updates {
            Updates::DenseAdam => learn(&args, &corpus, || Adam::new(0.001))?,
            Updates::SparseAdam => learn(&args, &corpus, || SparseAdam::new(0.001))?,
        },
    };
    let seconds = start.elapsed().as_secs_f64();

    let name = format!("{:?}", args.method).to_lowercase();
    let [binary, text] = ["safetensors", "txt"].map(|end| out.join(format!("{name}.{end}")));
    vectors.save(&binary)?;
    vectors.save_text(&text)?;
    println!("{} vectors in {seconds:.0} s", vectors.vocabulary().len());
    let read = [WordVectors::load(&binary)?, WordVectors::load_text(&text)?];
    if read.iter().any(|read| *read != vectors) {
        return Err("the vectors read back differ from those written".into());
    }
    let picture = out.join(format!("{name}.svg"));
    draw(&vectors, &corpus, &picture)?;
    println!("{}, {} and {}\n", binary.display(), text.display(), picture.display());
    ask(&vectors, is_treebank, args.method);
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
    let seed = args.flags.seed;
    let sampler = UnigramSampler::new(&corpus.train, WORDS, 0.75)?;
    let mut loss = NegativeSampling::<WORDS, HIDDEN>::new(sampler, NEGATIVES, seed);
    let mut contexts = Contexts::<WORDS, AROUND>::new(&corpus.train)?;
    let mut rng = Generator::seed_from_u64(seed);
    let (mut of_network, mut of_loss) = (optimizer(), optimizer());
    let mut rows = Rows::new(WORDS);
    let (epochs, batches) = (args.flags.epochs(10), contexts.len() / BATCH);
    // The two networks differ in type, and share the steps around them.
    macro_rules! train {
        ($network:ty, $columns:expr, $next:ident) => {{
            let mut model = Model::<$network>::new(&mut rng);
            let mut workspace = Workspace::<$network>::new($columns, seed);
            for epoch in 0..epochs {
                contexts.shuffle(&mut rng);
                let (mut shown, mut total) = (Epoch::new(epoch, epochs, batches), 0.0);
                while let Some((inputs, targets)) = contexts.$next(BATCH) {
                    let mut step = workspace.forward(&mut model, inputs);
                    total += f64::from(step.sampled_loss(&mut loss, targets));
                    step.backward();
                    rows.set(inputs.data());
                    let gradient = as_slice(&workspace.gradient().embed.weight);
                    of_network.step_rows(as_mut_slice(&mut model.embed.weight), gradient, &rows);
                    loss.step(&mut of_loss);
                    shown.step(|seconds, done| line(total / done, done / seconds));
                }
                let mean = total / batches as f64;
                if !mean.is_finite() {
                    return Err(format!("the loss of epoch {} is {mean}", epoch + 1).into());
                }
                let speed = batches as f64 / shown.seconds();
                shown.end(&line(mean, speed));
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

/// The loss, and the words that so many batches a second are.
fn line(loss: f64, batches: f64) -> String {
    format!("loss {loss:.4}   {:.0} words/s", batches * BATCH as f64)
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
    let names = frequent.iter().filter_map(|&id| corpus.vocabulary.text(id as u32));
    let words: Vec<(&str, [f64; 2])> =
        names.zip(plane.row_iter()).map(|(name, row)| (name, [row[0], row[1]])).collect();
    let title = "The 100 most frequent words, on the two main axes of their vectors";
    Ok(Chart::new(title, Axis::default(), Axis::default()).words(&words).save(path)?)
}

/// Asks what the book asks, and shows its answers beside ours.
fn ask(vectors: &WordVectors, treebank: bool, method: Method) {
    let words =
        if treebank { ["you", "year", "car", "toyota"] } else { ["king", "thou", "love", "night"] };
    let book = [("you", "we 0.610"), ("year", "month 0.719"), ("toyota", "ford 0.551")];
    for word in words {
        let near = match vectors.most_similar(word, 5) {
            Ok(near) => {
                let near = near.iter().map(|n| format!("{} {:.3}", n.word, n.similarity));
                near.collect::<Vec<_>>().join(", ")
            }
            Err(error) => error.to_string(),
        };
        let known = book.iter().find(|(asked, _)| treebank && *asked == word);
        match (method, known) {
            (Method::Cbow, Some((_, answer))) => {
                println!("{word:8} {near}   (the book: {answer})");
            }
            _ => println!("{word:8} {near}"),
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
                    let mut step = workspace.forward(&mut model, inputs);
                    total += step.loss(&SoftmaxCrossEntropy::new(), targets);
                    batches += 1;
                    let gradient = step.backward();
                    adam.step(model.parameters_mut(), gradient);
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
