//! The convolutional networks of "Deep Learning from Scratch", chapters 7 and 8, on MNIST.
//!
//! ```text
//! cargo run --release --example mnist -- --net simple --data DIR             # 98.96 % in the book
//! cargo run --release --example mnist -- --net deep --data DIR               # 99.38 % in the book
//! cargo run --release --example mnist -- --net deep --data DIR --augment
//! cargo run --release --example mnist -- --net deep --data DIR --resume      # after an interruption
//! ```

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
mod networks;
#[path = "../pictures/mod.rs"]
mod pictures;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, ValueEnum};
use common::checkpoints::Checkpoints;
use formwork::data::mnist::{Digits, Mnist};
use formwork::data::{Batch, Grid, RandomAffine};
use formwork::metrics::ConfusionMatrix;
use formwork::net::Tensor;
use formwork::optim::Adam;
use formwork::optim::schedule::Cosine;
use formwork::plot::{self, Images, Picture};
use formwork::prelude::*;
use formwork::train::{Evaluator, Trainer};
use nalgebra::{Const, Dyn, OMatrix};
use networks::{DeepConvNet, SimpleConvNet};
use rand::SeedableRng;
use std::path::Path;

/// Trains a convolutional network on MNIST, shows what it learnt and where it errs, and saves its
/// weights, also in half precision.
#[derive(Parser)]
#[command(name = "mnist")]
struct Args {
    /// Which network to train
    #[arg(long, value_enum)]
    net: Net,
    /// Turn, scale and shift the training images a little, and let the learning rate fall
    #[arg(long)]
    augment: bool,
    #[command(flatten)]
    checkpoints: Checkpoints,
    #[command(flatten)]
    flags: common::Flags,
}

#[derive(Clone, Copy, ValueEnum)]
enum Net {
    /// One convolution (chapter 7)
    Simple,
    /// Six convolutions (chapter 8)
    Deep,
}

fn main() -> common::Result {
    let args = Args::parse();
    let fail = |kind, message: String| Args::command().error(kind, message).exit();
    let mnist = match args.flags.mnist() {
        Ok(Some(mnist)) => mnist,
        Ok(None) => fail(
            ErrorKind::MissingRequiredArgument,
            "MNIST is needed: pass its folder with `--data DIR`, or name it in the environment \
             variable FORMWORK_DATA. It holds the four files train-images-idx3-ubyte, \
             train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each \
             plain or gzipped."
                .into(),
        ),
        Err(error) => fail(ErrorKind::Io, error.to_string()),
    };
    match args.net {
        Net::Simple => run::<SimpleConvNet>(&args, "simple", &mnist),
        Net::Deep => run::<DeepConvNet>(&args, "deep", &mnist),
    }
}

/// Samples of a step.
const BATCH: usize = 100;

/// A network that reads digits of 28 x 28.
trait DigitNet: Network<Sample = Grid<1, 28, 28>, Outputs = Const<10>> {}
impl<N: Network<Sample = Grid<1, 28, 28>, Outputs = Const<10>>> DigitNet for N {}

fn run<N: DigitNet>(args: &Args, name: &str, Mnist { train, test }: &Mnist) -> common::Result {
    let Args { augment, checkpoints, flags, .. } = args;
    let name = if *augment { format!("{name}-augmented") } else { name.to_string() };
    let (out, epochs) = (flags.prepare(&format!("mnist/{name}"))?, flags.epochs(20));
    println!("{}", N::summary());
    let megabytes = |bytes: usize| bytes as f64 / 1e6;
    println!(
        "memory of training: {:.1} MB, and four times {:.1} MB for parameters, gradient and Adam\n",
        megabytes(N::WORKSPACE.bytes(BATCH)),
        megabytes(N::PARAMETER_BYTES),
    );

    let mut rng = Generator::seed_from_u64(flags.seed);
    let mut model = Model::<N>::new(&mut rng);
    let before = filters(&model);
    let loss = SoftmaxCrossEntropy::default();
    let mut affine = RandomAffine::new().rotate(10.0).scale(0.1).shift(2.0);
    let mut trainer = Trainer::new(Adam::new(1e-3)).epochs(epochs).batch_size(BATCH).validate(test);
    if *augment {
        trainer = trainer
            .schedule(Cosine::new(epochs as f64))
            .augment(|images, rng| affine.apply(images, rng));
    }
    let history = checkpoints.of(trainer, &out).fit(&mut model, &loss, train, &mut rng)?;
    let (full, half) = (out.join("weights.safetensors"), out.join("weights_f16.safetensors"));
    model.save(&full)?;
    model.save_half(&half)?;
    history.save(out.join("history.csv"))?;

    // The model after the last epoch: the test set had no part in its choice.
    let outputs = outputs(&model, test);
    let mut confusion = ConfusionMatrix::<10>::new();
    confusion.update(outputs.as_view(), test.targets());
    println!("\n{confusion}");
    let wrong = pictures::mistakes(&out.join("mistakes.svg"), outputs.as_slice(), test)?;
    println!("{wrong} of {} test digits are read wrongly", test.len());
    pictures::confusion(&out.join("confusion.svg"), &confusion)?;
    pictures::curves(&out.join("learning_curve.svg"), &format!("Training {}", N::NAME), &history)?;
    draw_filters(&out.join("filters.svg"), &before, &filters(&model))?;

    let mut evaluator = Evaluator::new(BATCH);
    for (precision, path) in [("f32", full), ("f16", half)] {
        let evaluation = evaluator.run(&Model::<N>::load(&path)?, &loss, test);
        println!(
            "{precision} weights: test accuracy {:.4}, loss {:.5}, {} bytes in {}",
            evaluation.accuracy.unwrap_or(f64::NAN),
            evaluation.loss,
            std::fs::metadata(&path)?.len(),
            path.display(),
        );
    }
    println!("pictures and history are in {}", out.display());
    Ok(())
}

/// The outputs for all samples, in batches that need little memory.
fn outputs<N: DigitNet>(model: &Model<N>, data: &Digits) -> OMatrix<f32, Const<10>, Dyn> {
    let mut inference = Inference::<N>::new(BATCH);
    let mut images = Batch::with_capacity(BATCH);
    let samples: Vec<usize> = (0..data.len()).collect();
    let mut outputs = OMatrix::<f32, Const<10>, Dyn>::zeros(data.len());
    for batch in samples.chunks(BATCH) {
        images.gather(data.inputs(), batch);
        outputs.columns_mut(batch[0], batch.len()).copy_from(&inference.run(model, &images));
    }
    outputs
}

/// The filters of the first convolution.
fn filters<N: DigitNet>(model: &Model<N>) -> Vec<Picture> {
    let pictures = |tensor: Tensor<&[f32]>| match tensor.dims[..] {
        [_, 1, height, width] => {
            let filters = tensor.values.chunks_exact(height * width);
            Some(filters.map(|filter| Picture::new("", (height, width), filter)).collect())
        }
        _ => None,
    };
    model.tensors().into_iter().find_map(pictures).unwrap_or_default()
}

fn draw_filters(path: &Path, before: &[Picture], after: &[Picture]) -> plot::Result<()> {
    let blocks = [("First filters before training", before), ("The same after training", after)];
    plot::images(path, &blocks, &Images { columns: 8, ..Images::default() })
}
