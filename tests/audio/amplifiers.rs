//! Models of Neural Amp Modeler against what NAM Core computes of them, cold and warmed, in blocks of
//! several sizes.

use crate::description::Description;
use crate::networks::{A1, A2, NamLstm, SmallWaveNet};
use crate::{json, nam, read};
use formwork::data::{Batch, Grid, Number, Sample};
use formwork::kernel::Real;
use formwork::prelude::*;

fn signal(name: &str) -> Option<Vec<f32>> {
    let bytes = read(name)?;
    Some(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

/// The outputs in blocks of so many samples.
fn blocks<N, T>(file: &Description, x: &[T], block: usize) -> Vec<T>
where
    N: Network<Sample = Grid<1>>,
    T: Real + Number,
    Grid<1>: Sample<Element<T> = T>,
{
    let model = file.model::<N, T>().unwrap();
    let mut inference = Inference::<N, T>::with_lanes(block, 1);
    file.start(inference.state_mut());
    let mut run =
        |x: &[T]| inference.run(&model, &Batch::from_vec(x.to_vec()).unwrap()).as_slice().to_vec();
    x.chunks(block).flat_map(&mut run).collect()
}

fn double(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

/// The energy of the error, over that of the signal.
fn error_to_signal(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let error: f64 = found.iter().zip(expected).map(|(a, b)| (a - b) * (a - b)).sum();
    error / expected.iter().map(|b| b * b).sum::<f64>()
}

fn largest_error(found: &[f64], expected: &[f64]) -> f64 {
    found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// The recorded signals are silent at first, so that what comes out is a constant of a thousandth or
/// less: that is right where single precision is, to `ROUNDING`. What is louder must be right by its
/// energy.
fn assert_same(what: &str, found: &[f64], expected: &[f64]) {
    const ROUNDING: f64 = 1.5e-7;
    let (ratio, largest) = (error_to_signal(found, expected), largest_error(found, expected));
    println!("{what}: error-to-signal ratio {ratio:.2e}, off by {largest:.2e}");
    assert!(ratio < 1e-11 || largest < ROUNDING, "{what}: ratio {ratio:e}, off by {largest:e}");
}

fn agrees<N>(name: &str)
where
    N: Network<Sample = Grid<1>>,
{
    let Some(file) = json(&format!("nam/{name}.nam")) else { return };
    let file = nam::read(&file).unwrap();
    // After silence for the whole receptive field; half a second for a recurrent network.
    let silence = if N::RECEPTIVE_FIELD == usize::MAX { 24_000 } else { N::RECEPTIVE_FIELD };
    let mut x = vec![0.0; silence];
    x.extend(signal("nam/warmed/input.f32").unwrap());
    let recorded = double(&signal(&format!("nam/warmed/{name}.f32")).unwrap());
    let warmed = blocks::<N, f32>(&file, &x, 512);
    assert_same(&format!("{name}, warmed, f32"), &double(&warmed[silence..]), &recorded);
    let warmed = blocks::<N, f64>(&file, &double(&x), 512);
    assert_same(&format!("{name}, warmed, f64"), &warmed[silence..], &recorded);
    let cold = crate::path(&format!("nam/{name}_output.f32")).unwrap();
    if cold.exists() {
        let x = signal("nam/input.f32").unwrap();
        let recorded = double(&signal(&format!("nam/{name}_output.f32")).unwrap());
        let found = double(&blocks::<N, f32>(&file, &x, 64));
        assert_same(&format!("{name}, cold, f32"), &found, &recorded);
        let found = blocks::<N, f64>(&file, &double(&x), 64);
        assert_same(&format!("{name}, cold, f64"), &found, &recorded);
    }
    a_loud_signal_is_right::<N>(name, &file);
}

/// Both precisions on a signal that is not silent, in blocks of several sizes with the same bits.
fn a_loud_signal_is_right<N>(name: &str, file: &Description)
where
    N: Network<Sample = Grid<1>>,
{
    let swing = |i: usize| (i as f32 * 0.05).sin() * 0.4 + (i as f32 * 0.31).sin() * 0.2;
    let x: Vec<f32> = (0..7_000).map(swing).collect();
    let whole = blocks::<N, f32>(file, &x, 512);
    for block in [1, 7, 64] {
        let bits = blocks::<N, f32>(file, &x, block);
        assert!(bits == whole, "{name}: blocks of {block} differ from those of 512");
    }
    let exact = blocks::<N, f64>(file, &double(&x), 512);
    let ratio = error_to_signal(&double(&whole), &exact);
    println!("{name}, loud: error-to-signal ratio of f32 to f64 {ratio:.2e}");
    assert!(ratio < 1e-11, "{name}, loud: error-to-signal ratio {ratio:e}");
}

#[test]
fn a_small_wave_net() {
    agrees::<SmallWaveNet>("wavenet");
}

#[test]
fn the_standard_of_the_first_version() {
    agrees::<A1>("wavenet_a1_standard");
}

#[test]
fn the_second_version() {
    agrees::<A2>("A2");
}

#[test]
fn a_long_short_term_memory() {
    agrees::<NamLstm>("lstm");
}
