//! Gradient descent on a bowl, with the gradient taken numerically (book 1, chapter 4).

#[macro_use]
mod common;

use clap::Parser;
use formwork::plot::{Axis, Chart, Series};
use std::path::PathBuf;

/// Walks down f(x0, x1) = x0^2 + x1^2 from (-3, 4), and draws the way.
#[derive(Parser)]
struct Args {
    /// Steps to take
    #[arg(long, default_value_t = 20)]
    steps: usize,
    /// Learning rate
    #[arg(long, default_value_t = 0.1)]
    rate: f64,
    /// Folder for the picture [default: target/gradient_descent]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn f([x0, x1]: [f64; 2]) -> f64 {
    x0 * x0 + x1 * x1
}

/// The gradient by central differences: (f(x + h) - f(x - h)) / 2h along each axis.
fn numerical_gradient(f: impl Fn([f64; 2]) -> f64, x: [f64; 2]) -> [f64; 2] {
    const H: f64 = 1e-4;
    core::array::from_fn(|i| {
        let at = |offset: f64| {
            let mut x = x;
            x[i] += offset;
            f(x)
        };
        (at(H) - at(-H)) / (2.0 * H)
    })
}

fn main() -> common::Result {
    let args = Args::parse();
    let out = common::folder(args.out.as_deref(), "gradient_descent")?;
    for x in [[3.0, 4.0], [0.0, 2.0], [3.0, 0.0]] {
        println!("gradient at {x:?}: {:.6?}", numerical_gradient(f, x));
    }
    let mut path = vec![[-3.0, 4.0]];
    for _ in 0..args.steps {
        let x = path[path.len() - 1];
        let gradient = numerical_gradient(f, x);
        path.push([x[0] - args.rate * gradient[0], x[1] - args.rate * gradient[1]]);
    }
    let [x0, x1] = path[path.len() - 1];
    println!(
        "after {} steps:      ({x0:.6}, {x1:.6})\nthe book, 20 steps:  (-0.034588, 0.046117)",
        args.steps
    );
    let picture = out.join("way.svg");
    // In the proportions of the picture, so that circles are circles.
    let axis = |label, end: f64| Axis::linear(label).range(-end, end);
    Chart::new("Down a bowl", axis("x0", 6.3), axis("x1", 4.5))
        .paths(f, &[Series::path("gradient descent", &path)])
        .save(&picture)?;
    println!("{}", picture.display());
    Ok(())
}
