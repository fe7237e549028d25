//! A signal and its distorted twin, which two small networks learn: a stack of causal convolutions, on
//! windows that overlap by its receptive field, and a recurrent one, whose state goes on.

use crate::common;
use formwork::data::{Batch, Dataset, Grid, Values, Windows};
use formwork::loss::{ErrorToSignal, Loss};
use formwork::optim::{Adam, Optimizer};
use formwork::prelude::*;
use nalgebra::{Const, Dyn, MatrixView};
use rand::{RngExt, SeedableRng};
use std::path::Path;

/// Samples in a second.
const RATE: f64 = 48_000.0;
/// Sequences side by side.
const LANES: usize = 32;
/// Steps that the networks learn from at once.
const STEPS: usize = 256;
/// Samples that are learnt, and that are kept for the test.
const LEARNT: usize = 3 * 48_000;
const TESTED: usize = 24_000;

network! {
    /// Convolutions over time, each of twice the reach of the one before.
    pub struct Tcn: Vector<1> => Vector<1> {
        conv1: CausalConv1d<8, 3>,
        Tanh,
        conv2: CausalConv1d<8, 3, dilation = 2>,
        Tanh,
        conv3: CausalConv1d<8, 3, dilation = 4>,
        Tanh,
        conv4: CausalConv1d<8, 3, dilation = 8>,
        Tanh,
        out: CausalConv1d<1, 1>,
    }
}

network! {
    pub struct Recurrent: Vector<1> => Vector<1> { lstm: Lstm<16>, out: Dense<1> }
}

/// Trains both networks and shows how far their outputs are from the twin.
pub fn learn(epochs: u32, seed: u64, out: &Path) -> common::Result {
    let mut rng = Generator::seed_from_u64(seed);
    let signal = plucked(LEARNT + TESTED, &mut rng);
    let twin = distorted(&signal);
    let mut shown = Vec::new();
    let networks: [(&str, Train); 2] = [("Tcn", convolutions), ("Recurrent", recurrent)];
    println!("error-to-signal ratio of half a second that was not learnt");
    for (name, train) in networks {
        let heard = train((&signal, &twin), epochs, &mut rng);
        let [before, after] = heard.each_ref().map(|heard| ratio(heard, &twin[LEARNT..]));
        println!("  {name:9}  before {:8.3} %, after {:6.3} %", 100.0 * before, 100.0 * after);
        if after >= 0.01 {
            println!("  {name} has not learnt the twin to 1 %");
        }
        let [_, after] = heard;
        shown.push((name, after));
    }
    let part = 4_000..4_960;
    let tested = |signal: &[f32]| signal[LEARNT..][part.clone()].to_vec();
    let (signal, twin) = (tested(&signal), tested(&twin));
    let mut waves = vec![("signal", &signal[..]), ("twin", &twin[..])];
    waves.extend(shown.iter().map(|(name, heard)| (*name, &heard[part.clone()])));
    crate::draw(&out.join("twin.svg"), "A signal and its distorted twin", RATE, &waves)?;
    Ok(())
}

/// What trains a network on a signal and its twin: what it makes of the rest before and after.
type Train = fn((&[f32], &[f32]), u32, &mut Generator) -> [Vec<f32>; 2];

/// Windows, each with as many steps before as the network looks back, in which it warms up.
fn convolutions(signals: (&[f32], &[f32]), epochs: u32, rng: &mut Generator) -> [Vec<f32>; 2] {
    let learnt = |signal: &[f32]| signal[..LEARNT].to_vec();
    let data = Dataset::<Grid<1>, Values<1>>::from_vecs(learnt(signals.0), learnt(signals.1));
    let data = data.expect("a target for each sample");
    let mut windows = Windows::new(Tcn::RECEPTIVE_FIELD, STEPS, LANES);
    let mut model = Model::<Tcn>::new(rng);
    let before = play(&model, signals.0);
    let mut workspace = Workspace::<Tcn>::with_lanes(windows.columns(), LANES, 0);
    let loss = ErrorToSignal::new(LANES).after(windows.warm_up()).pre_emphasis(0.95);
    let mut adam = Adam::new(0.005);
    for epoch in 0..epochs {
        adam.set_learning_rate(rate(epoch, epochs));
        let mut epoch = windows.shuffled(&data, rng).expect("a signal that is long enough");
        while let Some((x, t)) = epoch.next_batch() {
            workspace.reset();
            let mut step = workspace.forward(&mut model, x);
            step.loss(&loss, t);
            let gradient = step.backward();
            adam.step(model.parameters_mut(), gradient);
        }
    }
    [before, play(&model, signals.0)]
}

/// Long sequences, step after step: the state goes on from each to the next.
fn recurrent(signals: (&[f32], &[f32]), epochs: u32, rng: &mut Generator) -> [Vec<f32>; 2] {
    let mut model = Model::<Recurrent>::new(rng);
    let before = play(&model, signals.0);
    let mut workspace = Workspace::<Recurrent>::with_lanes(STEPS * LANES, LANES, 0);
    let loss = ErrorToSignal::new(LANES).pre_emphasis(0.95);
    let mut adam = Adam::new(0.005);
    let length = LEARNT / LANES;
    for epoch in 0..epochs {
        adam.set_learning_rate(rate(epoch, epochs));
        workspace.reset();
        for first in (0..length - STEPS).step_by(STEPS) {
            let starts: Vec<usize> = (0..LANES).map(|lane| lane * length + first).collect();
            let lanes = |of| side_by_side(of, &starts, STEPS);
            let (x, t) = (batch(lanes(signals.0)), batch(lanes(signals.1)));
            let mut step = workspace.forward(&mut model, &x);
            step.loss(&loss, &t);
            let gradient = step.backward();
            adam.step(model.parameters_mut(), gradient);
        }
    }
    [before, play(&model, signals.0)]
}

/// What a network makes of the part of the signal that it has not learnt, sample after sample.
fn play<N>(model: &Model<N>, signal: &[f32]) -> Vec<f32>
where
    N: Network<Sample = Grid<1>>,
    N::Input: Shape<Element<f32> = f32>,
{
    let mut player = Player::new(model, 64, 1);
    let mut heard = signal[LEARNT - 4_800..].to_vec();
    player.process_in_place(&mut heard);
    heard.split_off(4_800)
}

/// The learning rate, which falls to a twentieth.
fn rate(epoch: u32, epochs: u32) -> f64 {
    0.005 * 0.05_f64.powf(f64::from(epoch) / f64::from(epochs))
}

/// Parts of a signal as lanes, time-major.
fn side_by_side(signal: &[f32], starts: &[usize], steps: usize) -> Vec<f32> {
    (0..steps).flat_map(|t| starts.iter().map(move |start| signal[start + t])).collect()
}

fn batch<S: formwork::data::Sample<Element<f32> = f32>>(numbers: Vec<f32>) -> Batch<S> {
    Batch::from_vec(numbers).expect("whole samples")
}

/// The error-to-signal ratio as it is, without pre-emphasis.
fn ratio(heard: &[f32], twin: &[f32]) -> f64 {
    let outputs = MatrixView::from_slice_generic(heard, Const::<1>, Dyn(heard.len()));
    let targets = batch::<Values<1>>(twin.to_vec());
    ErrorToSignal::new(1).evaluate(outputs, &targets, None).into()
}

/// Strings that are plucked one after the other.
fn plucked(samples: usize, rng: &mut Generator) -> Vec<f32> {
    let mut signal = vec![0.0_f32; samples];
    for start in (0..samples).step_by(9_600) {
        let (pitch, loudness) = (rng.random_range(80.0..500.0), rng.random_range(0.1..0.5));
        for harmonic in 1..=6 {
            let (phase, turn) = (rng.random_range(0.0..6.3), pitch * f64::from(harmonic));
            for (i, sample) in signal[start..].iter_mut().take(24_000).enumerate() {
                let time = i as f64 / RATE;
                let swing = (std::f64::consts::TAU * turn * time + phase).sin();
                let fades = (-time * (4.0 + 2.0 * f64::from(harmonic))).exp() / f64::from(harmonic);
                *sample += (loudness * swing * fades * (time * 500.0).min(1.0)) as f32;
            }
        }
    }
    signal
}

/// An amplifier that is driven too far: a filter, a curve that flattens, and another filter.
fn distorted(signal: &[f32]) -> Vec<f32> {
    let (mut low, mut out) = (0.0_f32, 0.0_f32);
    let amplify = |&x: &f32| {
        low += 0.3 * (x - low);
        let driven = (4.0 * (x - 0.6 * low) + 0.15).tanh() - 0.15_f32.tanh();
        out += 0.5 * (driven - out);
        out
    };
    signal.iter().map(amplify).collect()
}
