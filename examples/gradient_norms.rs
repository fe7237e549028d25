//! Why gradients vanish and explode on their way back through time (book 2, chapter 6).

#[macro_use]
mod common;

use clap::Parser;
use formwork::optim::clip;
use formwork::plot::{Axis, Chart, Series};
use nalgebra::{Matrix3, Matrix3x2};
use std::path::PathBuf;

/// Sends a gradient back through 20 steps of a recurrent layer of 3 units and 2 lanes, and draws its
/// norm: with weights that let it explode, with half of them, and clipped.
#[derive(Parser)]
struct Args {
    /// Steps to go back
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
    steps: u16,
    /// The norm to clip at
    #[arg(long, default_value_t = 5.0)]
    clip: f64,
    /// Folder for the picture [default: target/gradient_norms]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// The recurrent weights: the normal numbers that NumPy draws from the seed 3, as the book's are.
const WEIGHTS: [[f64; 3]; 3] = [
    [1.788_628_473_430_318_6, 0.436_509_850_511_989_43, 0.096_497_468_072_008_62],
    [-1.863_492_703_364_490_8, -0.277_388_202_514_399_05, -0.354_758_979_268_986_75],
    [-0.082_741_481_482_459_77, -0.627_000_676_823_847_3, -0.043_818_168_975_928_24],
];

/// The norms, divided by the number of lanes, of `dh = W dh` at each step, from a gradient of ones.
fn norms(factor: f64, steps: u16, change: impl Fn(&mut [f64])) -> Vec<f64> {
    let rows: Vec<f64> = WEIGHTS.into_iter().flatten().map(|w| w * factor).collect();
    let weights = Matrix3::from_row_slice(&rows);
    let mut dh = Matrix3x2::repeat(1.0);
    let mut norms = Vec::new();
    for _ in 0..steps {
        dh = weights * dh;
        let mut shown = dh;
        change(shown.as_mut_slice());
        norms.push(shown.norm() / 2.0);
    }
    norms
}

fn main() -> common::Result {
    let args = Args::parse();
    if !(args.clip > 0.0 && args.clip.is_finite()) {
        return Err("--clip must be above 0".into());
    }
    let out = common::folder(args.out.as_deref(), "gradient_norms")?;
    let exploding = norms(1.0, args.steps, |_| ());
    let vanishing = norms(0.5, args.steps, |_| ());
    let clipped = norms(1.0, args.steps, |gradient| {
        // After thousands of steps the norm is infinite; there is nothing to clip it to then.
        let _ = clip::by_norm(gradient, args.clip);
    });
    let ends = |norms: &[f64]| format!("{:.3} to {:.4}", norms[0], norms[norms.len() - 1]);
    println!("as drawn    {}   (the book, 20 steps: 2.468 to 249.5)", ends(&exploding));
    println!("times 0.5   {}", ends(&vanishing));
    println!("clipped     {}", ends(&clipped));
    let picture = out.join("norms.svg");
    let series = [
        Series::every("weights as drawn", 1.0, &exploding),
        Series::every("half of them", 1.0, &vanishing),
        Series::every(format!("clipped at {}", args.clip), 1.0, &clipped),
    ];
    Chart::new("The gradient on its way back", Axis::linear("steps back"), Axis::log("norm"))
        .lines(&series)
        .save(&picture)?;
    println!("{}", picture.display());
    Ok(())
}
