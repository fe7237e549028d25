//! RTNeural's pairs of models and signals, sample by sample.

use crate::description::Description;
use crate::json::numbers;
use crate::networks::*;
use crate::{json, keras, read, torch};
use formwork::data::Number;
use formwork::kernel::Real;
use formwork::prelude::*;

/// The numbers of a file, row after row, and how many rows there are.
fn csv(name: &str) -> Option<(Vec<f64>, usize)> {
    let text = String::from_utf8(read(name)?).unwrap();
    let rows = text.lines().filter(|line| !line.is_empty());
    let all = text.split([',', '\n']).filter(|number| !number.trim().is_empty());
    Some((all.map(|number| number.trim().parse().unwrap()).collect(), rows.count()))
}

/// What comes out, sample by sample.
fn stream<N: Network, T: Real + Number>(model: &Model<N, T>, x: &[f64]) -> Vec<f64>
where
    N::Input: Shape<Element<T> = T>,
{
    let x: Vec<T> = x.iter().map(|&x| T::of(x)).collect();
    let mut stream = Stream::new(model, 1);
    let steps = x.chunks_exact(N::Input::SIZE);
    steps.flat_map(|x| stream.step(x).iter().map(|y| y.to_f64()).collect::<Vec<_>>()).collect()
}

fn assert_close(what: &str, found: &[f64], expected: &[f64], threshold: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let errors = found.iter().zip(expected).map(|(a, b)| (a - b).abs());
    let largest = errors.fold(0.0, |a: f64, b| if b.is_nan() { b } else { a.max(b) });
    println!("{what}: off by {largest:.2e}");
    assert!(largest < threshold, "{what} is off by {largest:e}");
}

/// In both precisions: a model of Keras, whose outputs are expected from the first step on.
fn pair<N: Network>(name: &str, threshold: f64)
where
    N::Input: Shape<Element<f32> = f32> + Shape<Element<f64> = f64>,
{
    let Some(file) = json(&format!("rtneural/{name}.json")) else { return };
    let ((x, _), (y, _)) = (
        csv(&format!("rtneural/{name}_x.csv")).unwrap(),
        csv(&format!("rtneural/{name}_y.csv")).unwrap(),
    );
    let description = keras::read(&file).unwrap();
    agrees::<N>(name, &description, &x, &y, threshold);
}

fn agrees<N: Network>(name: &str, file: &Description, x: &[f64], y: &[f64], threshold: f64)
where
    N::Input: Shape<Element<f32> = f32> + Shape<Element<f64> = f64>,
{
    let single = file.model::<N, f32>().unwrap_or_else(|error| panic!("{name}: {error}"));
    let double = file.model::<N, f64>().unwrap();
    assert_close(&format!("{name}, f32"), &stream(&single, x), y, threshold);
    assert_close(&format!("{name}, f64"), &stream(&double, x), y, threshold);
}

#[test]
fn dense_layers() {
    pair::<Shaper>("dense", 1e-6);
}

#[test]
fn convolutions() {
    pair::<Convolutions>("conv", 1e-6);
}

#[test]
fn long_short_term_memories() {
    pair::<Lstm8>("lstm_1d", 1e-6);
}

#[test]
fn gated_units() {
    pair::<Gru8>("gru_1d", 5e-6);
}

#[test]
fn four_layers_of_cells() {
    let Some(file) = read("rtneural/lstm_torch.json") else { return };
    let ((x, _), (y, _)) =
        (csv("rtneural/lstm_torch_x.csv").unwrap(), csv("rtneural/lstm_torch_y.csv").unwrap());
    let description = torch::read(str::from_utf8(&file).unwrap()).unwrap();
    agrees::<FourLstms>("lstm_torch", &description, &x, &y, 1e-6);
}

/// The file's second convolution pads in time, too: its first outputs see zeros where a stream has seen
/// less than all of its history.
#[test]
fn convolutions_over_time_and_frequency() {
    let Some(file) = json("rtneural/conv2d.json") else { return };
    let ((x, _), (y, _)) =
        (csv("rtneural/conv2d_x.csv").unwrap(), csv("rtneural/conv2d_y.csv").unwrap());
    let description = keras::read(&file).unwrap();
    // The output t of the file is that of step t + 13: 8 steps of the first filters and 3 of the last
    // lie before it, and two of the padded ones after it.
    let of = |found: Vec<f64>| found[8 * (1 + 13)..].to_vec();
    let expected = &y[8..8 * 37];
    let found = of(stream(&description.model::<Spectral, f32>().unwrap(), &x));
    assert_close("conv2d, f32", &found, expected, 1e-6);
    let found = of(stream(&description.model::<Spectral, f64>().unwrap(), &x));
    assert_close("conv2d, f64", &found, expected, 1e-6);
}

/// Of a file with channels in rows, the same step after step.
fn by_steps(rows: &[f64], count: usize) -> Vec<f64> {
    let steps = rows.len() / count;
    (0..steps).flat_map(|t| (0..count).map(move |c| rows[c * steps + t])).collect()
}

#[test]
fn convolutions_in_groups() {
    let Some(file) = json("rtneural/conv1d_group.json") else { return };
    let ((x, _), (y, rows)) =
        (csv("rtneural/conv1d_group_x.csv").unwrap(), csv("rtneural/conv1d_group_y.csv").unwrap());
    let mut parameters = numbers(&file["weight"]).unwrap();
    parameters.extend(numbers(&file["bias"]).unwrap());
    let mut description = Description { input: 6, parameters, ..Description::default() };
    description.layer("conv", keras::convolution(3, 4, 10, 3), 3);
    // What is not padded begins with the first output that has seen all of its history.
    let expected = by_steps(&y, rows);
    let found = stream(&description.model::<Grouped, f32>().unwrap(), &x);
    assert_close("conv1d_group, f32", &found[3 * 30..], &expected, 1e-6);
    let found = stream(&description.model::<Grouped, f64>().unwrap(), &x);
    assert_close("conv1d_group, f64", &found[3 * 30..], &expected, 1e-6);
}

/// From four files, which hold tensors alone.
fn micro_tcn<T: Real>() -> Option<Model<MicroTcn, T>> {
    let part = |name: &str| json(&format!("rtneural/microtcn_{name}.json"));
    let (conv, norm, relu, past) = (part("conv1")?, part("bn")?, part("relu")?, part("res")?);
    let of = |value| numbers(value).unwrap();
    let (mut rectifier, slopes) = (Description::default(), of(&relu["weight"]));
    keras::prelu(&mut rectifier, &slopes);
    let mut parameters = of(&conv["weight"]);
    parameters.extend(of(&norm["weight"]).into_iter().chain(of(&norm["bias"])));
    parameters.extend(rectifier.parameters);
    parameters.extend(of(&past["weight"]));
    // The sum of both branches.
    parameters.extend((0..32).flat_map(|i| (0..64).map(move |j| f64::from(j % 32 == i))));
    let epsilon = norm["eps"].as_f64().unwrap();
    let mut statistics = of(&norm["running_mean"]);
    statistics.extend(of(&norm["running_var"]).iter().map(|v| v + epsilon - 1e-5));
    let mut model = Model::<MicroTcn, T>::zeroed();
    let fill = |to: &mut [T], from: Vec<f64>| {
        assert_eq!(to.len(), from.len());
        to.iter_mut().zip(from).for_each(|(to, from)| *to = T::of(from));
    };
    fill(model.parameters_mut(), parameters);
    fill(model.statistics_mut(), statistics);
    Some(model)
}

#[test]
fn a_block_of_a_micro_tcn() {
    let (Some(single), Some(double)) = (micro_tcn::<f32>(), micro_tcn::<f64>()) else { return };
    let ((x, _), (y, rows)) =
        (csv("rtneural/microtcn_x.csv").unwrap(), csv("rtneural/microtcn_y.csv").unwrap());
    let expected = by_steps(&y, rows);
    assert_close("microtcn, f32", &stream(&single, &x)[32 * 30..], &expected, 1e-6);
    assert_close("microtcn, f64", &stream(&double, &x)[32 * 30..], &expected, 1e-6);
}
