//! Files of Neural Amp Modeler of the kinds of which there is none to compare with, made by hand and
//! computed by loops that know nothing of layers.

use crate::{description::Description, nam};
use formwork::prelude::*;
use serde_json::json;

network! {
    struct Blocks: Vector<1> => Vector<1> {
        conv1: CausalConv1d<2, 2, bias = 0>,
        BatchNorm,
        LeakyRelu(0.2),
        conv2: CausalConv1d<2, 2, dilation = 4, bias = 0>,
        BatchNorm,
        LeakyRelu(0.2),
        head: CausalConv1d<1, 1>,
    }
}

network! {
    struct PlainBlocks: Vector<1> => Vector<1> {
        conv1: CausalConv1d<3, 2, dilation = 2>,
        Tanh,
        head: CausalConv1d<1, 1>,
    }
}

network! {
    struct Filter: Vector<1> => Vector<1> { conv: CausalConv1d<1, 5> }
}

network! {
    struct PlainFilter: Vector<1> => Vector<1> { conv: CausalConv1d<1, 4, bias = 0> }
}

/// Numbers between -1 and 1 that follow no rule a layer could know.
fn numbers(count: usize, seed: usize) -> Vec<f64> {
    (0..count).map(|i| ((i * i + 7 * i + 13 * seed) as f64 * 0.37).sin()).collect()
}

/// What a network makes of a signal, sample after sample.
fn played<N>(file: &Description, x: &[f64]) -> Vec<f64>
where
    N: Network,
    N::Input: Shape<Element<f64> = f64>,
{
    let model = file.model::<N, f64>().unwrap();
    let mut stream = Stream::new(&model, 1);
    x.iter().map(|&x| stream.step(&[x])[0]).collect()
}

#[track_caller]
fn assert_same(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < 1e-12, "sample {i}: {found} should be {expected}");
    }
}

/// Blocks of two taps, the earlier one first, a normalisation if there is one, and an activation; then
/// the weights of all channels and what is added.
fn conv_net(
    x: &[f64],
    channels: usize,
    dilations: &[usize],
    normalised: bool,
    function: fn(f64) -> f64,
    weights: &[f64],
) -> Vec<f64> {
    let mut rest = weights.iter().copied();
    let mut signals = vec![x.to_vec()];
    for &dilation in dilations {
        let taps: Vec<f64> = rest.by_ref().take(channels * signals.len() * 2).collect();
        let mut each = || rest.by_ref().take(channels).collect::<Vec<f64>>();
        let values = if normalised { vec![each(), each(), each(), each()] } else { vec![each()] };
        let epsilon = if normalised { rest.next().unwrap() } else { 0.0 };
        let made = (0..channels).map(|out| {
            let at = |step: usize| {
                let mut sum = 0.0;
                for (input, signal) in signals.iter().enumerate() {
                    let taps = &taps[(out * signals.len() + input) * 2..][..2];
                    let early = step.checked_sub(dilation).map_or(0.0, |early| signal[early]);
                    sum += taps[0] * early + taps[1] * signal[step];
                }
                function(match &values[..] {
                    [mean, variance, gamma, beta] => {
                        let scale = gamma[out] / (variance[out] + epsilon).sqrt();
                        (sum - mean[out]) * scale + beta[out]
                    }
                    values => sum + values[0][out],
                })
            };
            (0..x.len()).map(at).collect()
        });
        signals = made.collect();
    }
    let head: Vec<f64> = rest.collect();
    let at = |step: usize| {
        let channels = signals.iter().zip(&head).map(|(signal, weight)| weight * signal[step]);
        channels.sum::<f64>() + head[signals.len()]
    };
    (0..x.len()).map(at).collect()
}

#[test]
fn blocks_with_a_normalisation() {
    let mut weights = numbers(2 * 2, 1);
    for (seed, inputs) in [(2, None), (3, Some(2))] {
        weights.extend(inputs.map_or(Vec::new(), |inputs| numbers(2 * inputs * 2, 9)));
        weights.extend(numbers(2, seed));
        weights.extend(numbers(2, seed + 4).iter().map(|v| 1.5 + v));
        weights.extend(numbers(4, seed + 8));
        weights.push(1e-3);
    }
    weights.extend(numbers(3, 5));
    let file = json!({
        "architecture": "ConvNet",
        "config": {
            "channels": 2, "dilations": [1, 4], "batchnorm": true,
            "activation": { "type": "LeakyReLU", "negative_slope": 0.2 },
        },
        "weights": weights,
    });
    let x = numbers(40, 6);
    let leaky = |x: f64| if x > 0.0 { x } else { 0.2 * x };
    let expected = conv_net(&x, 2, &[1, 4], true, leaky, &weights);
    assert_same(&played::<Blocks>(&nam::read(&file).unwrap(), &x), &expected);
}

#[test]
fn blocks_without_a_normalisation() {
    let weights = numbers(3 * 2 + 3 + 4, 1);
    let file = json!({
        "architecture": "ConvNet",
        "config": { "channels": 3, "dilations": [2], "batchnorm": false, "activation": "Tanh" },
        "weights": weights,
    });
    let x = numbers(40, 6);
    let expected = conv_net(&x, 3, &[2], false, f64::tanh, &weights);
    assert_same(&played::<PlainBlocks>(&nam::read(&file).unwrap(), &x), &expected);
}

/// The first weight is that of the sample that is heard now.
#[test]
fn one_filter() {
    let x = numbers(30, 2);
    let filtered = |taps: &[f64], bias: f64| -> Vec<f64> {
        let at = |step: usize| {
            let heard = (0..taps.len().min(step + 1)).map(|back| taps[back] * x[step - back]);
            heard.sum::<f64>() + bias
        };
        (0..x.len()).map(at).collect()
    };
    let weights = numbers(6, 3);
    let file = json!({
        "architecture": "Linear",
        "config": { "receptive_field": 5, "bias": true },
        "weights": weights,
    });
    let expected = filtered(&weights[..5], weights[5]);
    assert_same(&played::<Filter>(&nam::read(&file).unwrap(), &x), &expected);
    let file = json!({
        "architecture": "Linear",
        "config": { "receptive_field": 4, "bias": false },
        "weights": weights[..4],
    });
    assert_same(
        &played::<PlainFilter>(&nam::read(&file).unwrap(), &x),
        &filtered(&weights[..4], 0.0),
    );
}

#[test]
fn files_with_too_few_weights_say_so() {
    let file = json!({
        "architecture": "ConvNet",
        "config": { "channels": 3, "dilations": [2], "batchnorm": false, "activation": "Tanh" },
        "weights": numbers(5, 1),
    });
    assert_eq!(nam::read(&file).err().unwrap(), "there are too few weights");
}
