//! Two famous families of networks, small: stacks of blocks that are generic in their dimensions; and
//! three networks as they were published.
//!
//! ```text
//! cargo run --release --example image_networks                   # 1,797 small digits, in this program
//! cargo run --release --example image_networks -- --published    # sizes, and one image each
//! ```

#[macro_use]
#[path = "../common/out.rs"]
mod out;
mod published;

use clap::Parser;
use formwork::data::{Classes, Dataset, Grid, RandomAffine, digits};
use formwork::optim::AdamW;
use formwork::optim::schedule::Cosine;
use formwork::prelude::*;
use formwork::train::{Evaluator, Trainer};
use nalgebra::Const;
use rand::SeedableRng;

network! {
    /// Two convolutions with a way around them (He et al., 2016, "Deep residual learning for image
    /// recognition").
    pub struct Block<C, H, W>: Image<C, H, W> => Image<C, H, W> {
        Residual {
            conv1: Conv2d<C, 3, pad = 1, bias = 0>,
            bn1: BatchNorm,
            Relu,
            conv2: Conv2d<C, 3, pad = 1, bias = 0>,
            bn2: BatchNorm,
        },
        Relu,
    }
}

network! {
    /// A residual network of three stages, each with twice the channels on a quarter of the pixels.
    pub struct ResNet: Image<1, 8, 8> => Vector<10> {
        stem: Conv2d<16, 3, pad = 1, bias = 0>,
        BatchNorm,
        Relu,
        stage1: Block<16, 8, 8>,
        down1: Conv2d<32, 3, stride = 2, pad = 1, bias = 0>,
        BatchNorm,
        Relu,
        stage2: Block<32, 4, 4>,
        down2: Conv2d<64, 3, stride = 2, pad = 1, bias = 0>,
        BatchNorm,
        Relu,
        stage3: Block<64, 2, 2>,
        GlobalAvgPool,
        head: Dense<10>,
    }
}

network! {
    /// Two convolutions of 3 x 3, which see as far as one of 5 x 5 (Simonyan and Zisserman, 2015,
    /// "Very deep convolutional networks for large-scale image recognition").
    pub struct Pair<In, Out, H, W>: Image<In, H, W> => Image<Out, H, W> {
        conv1: Conv2d<Out, 3, pad = 1>,
        Relu,
        conv2: Conv2d<Out, 3, pad = 1>,
        Relu,
    }
}

network! {
    /// Pairs of convolutions, a pool after each, and dense layers.
    pub struct Vgg: Image<1, 8, 8> => Vector<10> {
        stage1: Pair<1, 16, 8, 8>,
        MaxPool<2>,
        stage2: Pair<16, 32, 4, 4>,
        MaxPool<2>,
        stage3: Pair<32, 64, 2, 2>,
        MaxPool<2>,
        fc1: Dense<64>,
        Relu,
        Dropout(0.5),
        fc2: Dense<10>,
    }
}

/// Trains two deep networks on handwritten digits.
#[derive(Parser)]
struct Args {
    /// Seed of all random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Times to go through the training set
    #[arg(long, default_value_t = 20)]
    epochs: usize,
    /// Print what published networks are, and run each on one image, instead
    #[arg(long)]
    published: bool,
}

type Digits = Dataset<Grid<1, 8, 8>, Classes<10>>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args = Args::parse();
    if args.published {
        published::show();
        return Ok(());
    }
    let digits = digits::parse(include_bytes!("../data/digits.csv.gz"))?;
    let (train, test) = digits.split(0.8, &mut Generator::seed_from_u64(args.seed));
    learn::<ResNet>(&args, &train, &test)?;
    learn::<Vgg>(&args, &train, &test)
}

fn learn<N>(args: &Args, train: &Digits, test: &Digits) -> Result<(), Box<dyn std::error::Error>>
where
    N: Network<Sample = Grid<1, 8, 8>, Outputs = Const<10>>,
{
    println!("{}", N::summary());
    let mut rng = Generator::seed_from_u64(args.seed);
    let mut model = Model::<N>::new(&mut rng);
    let mut affine = RandomAffine::new().rotate(10.0).scale(0.1).shift(0.5);
    let loss = SoftmaxCrossEntropy::default();
    Trainer::new(AdamW::new(3e-3))
        .epochs(args.epochs)
        .batch_size(32)
        .schedule(Cosine::new(args.epochs as f64))
        .augment(|images, rng| affine.apply(images, rng))
        .validate(test)
        .fit(&mut model, &loss, train, &mut rng)?;
    let evaluation = Evaluator::new(test.len()).run(&model, &loss, test);
    let right = 100.0 * evaluation.accuracy.unwrap_or(f64::NAN);
    println!("{}: {right:.2} % of {} test digits are read rightly\n", N::NAME, test.len());
    Ok(())
}
