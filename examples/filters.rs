//! What convolutions see in a picture: filters written by hand, or the learned ones of the book's
//! SimpleConvNet.
//!
//! ```text
//! cargo run --release --example filters
//! cargo run --release --example filters -- --weights target/mnist/simple/weights.safetensors
//! ```

#[macro_use]
#[path = "common/out.rs"]
mod out;
#[path = "mnist/networks.rs"]
mod networks;

use clap::Parser;
use formwork::data::{Batch, Grid};
use formwork::plot::{self, Images, Picture};
use formwork::prelude::*;
use networks::SimpleConvNet;
use std::path::PathBuf;

/// Draws what filters make of a picture.
#[derive(Parser)]
struct Args {
    /// Weights that the example `mnist` saved of the network `simple`; without, the filters are
    /// written by hand
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// File to draw to
    #[arg(long, value_name = "FILE", default_value = "target/filters.svg")]
    out: PathBuf,
}

/// Pixels on a side of the picture.
const SIDE: usize = 84;
/// As in SimpleConvNet.
const SIZE: usize = 5;
/// Pixels on a side of what a filter makes of the picture.
const SEEN: usize = SIDE - SIZE + 1;

network! {
    /// As many filters as are drawn.
    struct Filters: Image<1, SIDE, SIDE> => Image<16, SEEN, SEEN> {
        conv1: Conv2d<16, SIZE>,
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args = Args::parse();
    let filters: Vec<(&str, [f32; SIZE * SIZE])> = match &args.weights {
        None => WRITTEN.into_iter().map(|(name, formula)| (name, written(formula))).collect(),
        Some(file) => {
            let learned = Model::<SimpleConvNet>::load(file)?;
            let (filters, _) = learned.parameters().as_chunks();
            filters.iter().take(16).map(|filter| ("", *filter)).collect()
        }
    };

    let mut model = Model::<Filters>::zeroed();
    let (weights, _) = model.parameters_mut().as_chunks_mut();
    for (weight, (_, filter)) in weights.iter_mut().zip(&filters) {
        *weight = *filter;
    }
    let picture = picture();
    let mut inference = Inference::<Filters>::new(1);
    let maps = inference.run(&model, &Batch::<Grid<1, SIDE, SIDE>>::from_rows([&picture])?);

    let mut pictures = Vec::new();
    for ((name, filter), map) in filters.iter().zip(maps.as_slice().chunks_exact(SEEN * SEEN)) {
        pictures.push(Picture::new(*name, (SEEN, SEEN), &enlarged(filter)));
        pictures.push(Picture::new("", (SEEN, SEEN), map));
    }
    let original = [Picture::new("", (SIDE, SIDE), &picture)];
    let blocks =
        [("A picture", &original[..]), ("Filters, and what they make of it", &pictures[..])];
    args.out.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    plot::images(&args.out, &blocks, &Images { columns: 8, ..Images::default() })?;
    println!("drawn to {}", args.out.display());
    Ok(())
}

/// A filter as a function of the distance from its middle, to the right and down; each is then
/// weighted with the bell of a Gaussian.
type Formula = fn(f32, f32) -> f32;

const WRITTEN: [(&str, Formula); 8] = [
    ("brighter to the right", |x, _| x),
    ("brighter below", |_, y| y),
    ("brighter below right", |x, y| x + y),
    ("brighter above right", |x, y| x - y),
    ("upright lines", |x, _| 1.0 - x * x),
    ("level lines", |_, y| 1.0 - y * y),
    ("spots", |x, y| 2.0 - x * x - y * y),
    ("the mean", |_, _| 1.0),
];

fn written(formula: Formula) -> [f32; SIZE * SIZE] {
    std::array::from_fn(|i| {
        let middle = (SIZE / 2) as f32;
        let (x, y) = ((i % SIZE) as f32 - middle, (i / SIZE) as f32 - middle);
        formula(x, y) * (-(x * x + y * y) / 2.0).exp()
    })
}

/// A filter as large as what it makes of the picture.
fn enlarged(filter: &[f32; SIZE * SIZE]) -> Vec<f32> {
    const ZOOM: usize = SEEN / SIZE;
    (0..SEEN * SEEN).map(|i| filter[i / SEEN / ZOOM * SIZE + i % SEEN / ZOOM]).collect()
}

/// A house under the sun, before a mountain.
fn picture() -> [f32; SIDE * SIDE] {
    const FINE: usize = 4;
    // Each pixel is the mean of some points in it, so that no edge is jagged.
    let at = |i: usize, fine: usize| (i as f32 + (fine as f32 + 0.5) / FINE as f32) / SIDE as f32;
    std::array::from_fn(|i| {
        let points = (0..FINE * FINE)
            .map(|point| brightness(at(i % SIDE, point % FINE), at(i / SIDE, point / FINE)));
        points.sum::<f32>() / (FINE * FINE) as f32
    })
}

/// How bright the picture is at a point of the unit square, `y` running down.
fn brightness(x: f32, y: f32) -> f32 {
    let within = |left: f32, right: f32, top: f32, bottom: f32| {
        (left..right).contains(&x) && (top..bottom).contains(&y)
    };
    // The distance from the middle of the house.
    let off = (x - 0.36).abs();
    match () {
        () if within(0.32, 0.40, 0.68, 0.84) => 0.1,
        () if within(0.21, 0.28, 0.60, 0.68) || within(0.44, 0.51, 0.60, 0.68) => 0.15,
        () if off < 0.20 && (0.54..0.84).contains(&y) => 0.8,
        () if y < 0.54 && y > 0.30 + off => 0.25,
        () if y > 0.84 => 0.35 + 0.1 * (40.0 * (x + y)).sin(),
        () if (x - 0.78).hypot(y - 0.18) < 0.1 => 1.0,
        () if y > 0.40 + 0.8 * (x - 0.85).abs() => 0.4,
        () => 0.55 + 0.25 * y,
    }
}
