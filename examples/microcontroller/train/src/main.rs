//! Trains on a desktop what runs on a microcontroller, and writes what the firmware is built from:
//! weights, and fifty digits that the network has not seen.
//!
//! ```sh
//! cargo run --profile training -p train
//! ```

use formwork::data::{Batch, Grid, Values, digits};
use formwork::optim::schedule::Cosine;
use formwork::optim::{AdamW, Optimizer};
use formwork::prelude::*;
use formwork::train::Trainer;
use rand::{RngExt, SeedableRng};
use std::error::Error;
use std::f32::consts::TAU;
use std::path::{Path, PathBuf};

#[path = "../../firmware/src/networks.rs"]
mod networks;

use networks::{DigitNet, Effect, IMAGES, Sine};

const STEPS: usize = 64;
const LANES: usize = 32;
const ANGLES: usize = 64;

fn main() -> Result<(), Box<dyn Error>> {
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../firmware/weights");
    train_digits(&out)?;
    train_effect(out.join("effect.safetensors"))?;
    train_sine(out.join("sine.safetensors"))
}

fn train_digits(out: &Path) -> Result<(), Box<dyn Error>> {
    let mut rng = Generator::seed_from_u64(1);
    let digits = digits::parse(include_bytes!("../../../data/digits.csv.gz"))?;
    let (train, test) = digits.split(0.8, &mut rng);
    let mut model = Model::<DigitNet>::new(&mut rng);
    let history = Trainer::new(AdamW::new(3e-3).weight_decay(0.1))
        .epochs(40)
        .batch_size(32)
        .schedule(Cosine::new(40.0).warm_up(1.0))
        .validate(&test)
        .fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut rng)?;
    println!("digits: {:?}", history.best());
    model.save(out.join("digits.safetensors"))?;

    let images = test.inputs().data()[..64 * IMAGES].iter().map(|pixel| (pixel * 16.0) as u8);
    let labels = test.targets().data()[..IMAGES].iter().map(|&digit| digit as u8);
    std::fs::write(out.join("digits.bin"), images.chain(labels).collect::<Vec<_>>())?;
    Ok(())
}

/// What the effect is to sound like: a distortion whose treble is taken away.
fn sound(x: &[f32], before: &mut [f32; LANES]) -> Vec<f32> {
    let filter = |(i, x): (usize, &f32)| {
        let lane = &mut before[i % LANES];
        *lane += 0.3 * ((3.0 * x).tanh() - *lane);
        *lane
    };
    x.iter().enumerate().map(filter).collect()
}

fn train_effect(weights: PathBuf) -> Result<(), Box<dyn Error>> {
    let mut rng = Generator::seed_from_u64(2);
    let mut model = Model::<Effect>::new(&mut rng);
    let mut workspace = Workspace::<Effect>::with_lanes(STEPS * LANES, LANES, 3);
    let mut adam = AdamW::new(5e-3);
    let (mut before, mut error) = ([0.0; LANES], 0.0);
    for step in 0..2000 {
        let x: Vec<f32> = (0..STEPS * LANES).map(|_| rng.random_range(-1.0..1.0)).collect();
        let targets = Batch::<Values<1>>::from_vec(sound(&x, &mut before))?;
        let inputs = Batch::<Grid<1>>::from_vec(x)?;
        let mut pass = workspace.forward(&mut model, &inputs);
        error += 0.01 * (pass.loss(&MeanSquaredError, &targets) - error);
        let gradient = pass.backward();
        adam.set_learning_rate(5e-3 * (1.0 - step as f64 / 2000.0));
        adam.step(model.parameters_mut(), gradient);
    }
    println!("effect: a squared error of {error:.6}");
    model.save(weights)?;
    Ok(())
}

fn train_sine(weights: PathBuf) -> Result<(), Box<dyn Error>> {
    let mut rng = Generator::seed_from_u64(5);
    let mut model = Model::<Sine>::new(&mut rng);
    let mut workspace = Workspace::<Sine>::new(ANGLES, 4);
    let mut adam = AdamW::new(1e-2);
    let mut error = 0.0;
    for step in 0..20_000 {
        let x: Vec<f32> = (0..ANGLES).map(|_| rng.random_range(0.0..TAU)).collect();
        let targets = Batch::<Values<1>>::from_vec(x.iter().map(|x| x.sin()).collect())?;
        let inputs = Batch::<Grid<1>>::from_vec(x)?;
        let mut pass = workspace.forward(&mut model, &inputs);
        error += 0.01 * (pass.loss(&MeanSquaredError, &targets) - error);
        let gradient = pass.backward();
        adam.set_learning_rate(1e-2 * (1.0 - step as f64 / 20_000.0));
        adam.step(model.parameters_mut(), gradient);
    }
    println!("sine: a squared error of {error:.6}");
    model.save(weights)?;
    Ok(())
}
