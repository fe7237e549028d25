//! Handwritten digits, from the declaration of a network to its weights in a file.
//!
//! ```text
//! cargo run --release --example digits                  # 1,797 small digits, in this program
//! cargo run --release --example digits -- --data DIR    # MNIST
//! ```

mod common;

use clap::Parser;
use formwork::data::{Batch, Classes, Dataset, Grid, digits};
use formwork::metrics::ConfusionMatrix;
use formwork::network::Outputs;
use formwork::optim::AdamW;
use formwork::plot::{self, Axis, Chart, Confusion, Frame, Images, Picture, Series};
use formwork::prelude::*;
use formwork::schedule::Cosine;
use formwork::train::{Evaluator, History, Record, Trainer};
use rand::{RngExt, SeedableRng};
use std::path::Path;

/// Trains a network on handwritten digits, shows how it does on digits that it has not seen, and
/// saves its weights.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    flags: common::Flags,
}

network! {
    /// Reads digits of 8 x 8 pixels.
    pub struct SmallDigits: Image<1, 8, 8> => Vector<10> {
        fc1: Dense<256>,
        Relu,
        fc2: Dense<128>,
        Relu,
        fc3: Dense<10>,
    }
}

network! {
    /// Reads the digits of MNIST.
    pub struct MnistDigits: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<512>,
        Relu,
        fc2: Dense<256>,
        Relu,
        fc3: Dense<10>,
    }
}

/// Images of so many rows and columns, each of a digit.
type Digits<const SIDE: usize> = Dataset<Grid<1, SIDE, SIDE>, Classes<10>>;

fn main() -> common::Result {
    let Args { flags } = Args::parse();
    if let Some(mnist) = flags.mnist()? {
        return run::<MnistDigits, 28>(&flags, 20, &mnist.train, &mnist.test);
    }
    let digits = digits::parse(include_bytes!("data/digits.csv.gz"))?;
    let (train, test) = digits.split(0.8, &mut Generator::seed_from_u64(flags.seed));
    run::<SmallDigits, 8>(&flags, 200, &train, &test)
}

fn run<N, const SIDE: usize>(
    flags: &common::Flags,
    epochs: usize,
    train: &Digits<SIDE>,
    test: &Digits<SIDE>,
) -> common::Result
where
    N: Network<Sample = Grid<1, SIDE, SIDE>, Outputs = Outputs<10>>,
{
    let (out, epochs) = (flags.prepare("digits")?, flags.epochs(epochs));
    println!("{}", N::summary());
    println!("{} digits to train on, {} others to test on", train.len(), test.len());

    let mut rng = Generator::seed_from_u64(flags.seed);
    let mut model = Model::<N>::new(&mut rng);
    let loss = SoftmaxCrossEntropy::default();
    let history = Trainer::new(AdamW::new(1e-3).weight_decay(0.1))
        .epochs(epochs)
        .batch_size(64)
        .schedule(Cosine::new(epochs as f64).warm_up(1.0))
        .augment(move_images)
        .validate(test)
        .fit(&mut model, &loss, train, &mut rng)?;

    let mut inference = Inference::<N>::new(test.len());
    let outputs = inference.run(&model, test.inputs());
    let mut confusion = ConfusionMatrix::<10>::new();
    confusion.update(outputs, test.targets());
    println!("\n{confusion}");
    draw_mistakes(&out.join("mistakes.svg"), outputs, test)?;
    draw_confusion(&out.join("confusion.svg"), &confusion)?;

    let weights = out.join("digits.safetensors");
    model.save(&weights)?;
    let loaded = Model::<N>::load(&weights)?;
    let evaluate = |model| Evaluator::new(1000).run(model, &loss, test);
    assert_eq!(
        evaluate(&loaded),
        evaluate(&model),
        "the weights in the file are those of the model"
    );
    println!("{} reads back to the same", weights.display());

    history.save(out.join("history.csv"))?;
    draw_curves(&out.join("learning_curve.svg"), &history)?;
    println!("pictures and history are in {}", out.display());
    Ok(())
}

fn move_images<const SIDE: usize>(images: &mut Batch<Grid<1, SIDE, SIDE>>, rng: &mut Generator) {
    for image in images.data_mut().chunks_exact_mut(SIDE * SIDE) {
        move_a_little::<SIDE>(image, rng);
    }
}

/// Turns, scales and shifts an image by small random amounts, as another hand might have written
/// the digit.
fn move_a_little<const SIDE: usize>(image: &mut [f32], rng: &mut Generator) {
    let side = SIDE as f32;
    let mut within = |bound: f32| rng.random_range(-bound..=bound);
    let (sin, cos) = within(0.2).sin_cos();
    let (wide, high) = (1.0 + within(0.15), 1.0 + within(0.15));
    let (right, down) = (within(0.09 * side), within(0.09 * side));
    let old = image.to_vec();
    let ink = |row: f32, column: f32| {
        let inside = |at: f32| (0.0..side).contains(&at).then_some(at as usize);
        inside(row).zip(inside(column)).map_or(0.0, |(row, column)| old[row * SIDE + column])
    };
    let centre = (side - 1.0) / 2.0;
    for (i, pixel) in image.iter_mut().enumerate() {
        let (x, y) = ((i % SIDE) as f32 - centre, (i / SIDE) as f32 - centre);
        let column = wide * (cos * x - sin * y) + right + centre;
        let row = high * (sin * x + cos * y) + down + centre;
        // Between four old pixels, each by how near it is.
        let (left, top) = (column.floor(), row.floor());
        let (x, y) = (column - left, row - top);
        *pixel = (1.0 - y) * ((1.0 - x) * ink(top, left) + x * ink(top, left + 1.0))
            + y * ((1.0 - x) * ink(top + 1.0, left) + x * ink(top + 1.0, left + 1.0));
    }
}

/// Where the largest of ten numbers stands.
fn largest(outputs: &[f32]) -> usize {
    (0..10).max_by(|&a, &b| outputs[a].total_cmp(&outputs[b])).unwrap_or(0)
}

fn draw_confusion(path: &Path, confusion: &ConfusionMatrix<10>) -> plot::Result<()> {
    let counts: Vec<usize> =
        (0..100).map(|cell| confusion.count(cell / 10, cell % 10) as usize).collect();
    let classes = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let title = "Digits and what they were read as";
    plot::confusion(path, &counts, &classes, &Confusion { title })
}

fn draw_curves(path: &Path, history: &History) -> plot::Result<()> {
    let series = |name, pick: fn(&Record) -> Option<f64>| {
        Series::every(name, 1.0, &history.column(|epoch| pick(epoch).unwrap_or(f64::NAN)))
    };
    let loss = Chart {
        frame: Frame::new("Loss", Axis::linear("epoch"), Axis::log("")),
        series: vec![
            series("training", |epoch| Some(epoch.train_loss)),
            series("test", |epoch| epoch.validation_loss),
        ],
    };
    let accuracy = Chart {
        frame: Frame::new("Accuracy", Axis::linear("epoch"), Axis::linear("")),
        series: vec![
            series("training", |epoch| epoch.train_accuracy),
            series("test", |epoch| epoch.validation_accuracy),
        ],
    };
    plot::charts(path, &[loss, accuracy], &plot::Grid { title: "Learning digits", columns: 2 })
}

/// Draws the digits that were read wrongly, up to a hundred.
fn draw_mistakes<const SIDE: usize>(
    path: &Path,
    outputs: &[f32],
    digits: &Digits<SIDE>,
) -> plot::Result<()> {
    let mut pictures = Vec::new();
    let read = outputs.chunks_exact(10).map(largest);
    for (i, read) in read.enumerate() {
        let (image, digit) = (digits.inputs().column(i), digits.targets().column(i)[0]);
        if read != digit as usize && pictures.len() < 100 {
            pictures.push(Picture::new(format!("{digit} as {read}"), (SIDE, SIDE), image));
        }
    }
    if pictures.is_empty() {
        println!("no digit was read wrongly, so there is no picture of mistakes");
        return Ok(());
    }
    let options = Images { inverted: true, ..Images::default() };
    plot::images(path, &[("Digits that were read wrongly", &pictures)], &options)
}
