//! RTNeural's JSON: layers of Keras, in their order.

use super::description::Description;
use super::json::{field, numbers, tensor, text, transposed, whole, whole_or};
use serde_json::Value;

/// What formwork adds to a variance, which a file may have otherwise.
pub const EPSILON: f64 = 1e-5;

/// Reads a model.
pub fn read(file: &Value) -> Result<Description, String> {
    let shape = field(file, "in_shape")?.as_array().ok_or("`in_shape` is no list")?;
    // Steps come before channels; what is not known is null.
    let channels = shape.iter().skip(if shape.len() > 2 { 2 } else { 1 });
    let input = channels.map(whole).product::<Result<usize, String>>()?;
    let mut model = Description { input, output: input, ..Description::default() };
    let layers = field(file, "layers")?.as_array().ok_or("`layers` is no list")?;
    for (i, layer) in layers.iter().enumerate() {
        let kind = text(layer, "type");
        add(&mut model, kind, layer)
            .map_err(|error| format!("layer {} ({kind}): {error}", i + 1))?;
        match text(layer, "activation") {
            "" | "linear" => {}
            // The cells' own.
            "tanh" if matches!(kind, "lstm" | "gru") => {}
            "tanh" => model.function("Tanh"),
            "relu" => model.function("Relu"),
            "sigmoid" => model.function("Sigmoid"),
            "softmax" => model.function("Softmax"),
            "elu" => model.function("Elu"),
            other => return Err(format!("layer {} ({kind}): no activation `{other}` here", i + 1)),
        }
    }
    Ok(model)
}

fn add(model: &mut Description, kind: &str, layer: &Value) -> Result<(), String> {
    let weights = field(layer, "weights")?.as_array().ok_or("`weights` is no list")?;
    let part =
        |i: usize| weights.get(i).ok_or_else(|| format!("there is no tensor {i} of weights"));
    let bias = |i: usize, n: usize| weights.get(i).map_or_else(|| Ok(vec![0.0; n]), numbers);
    match kind {
        "activation" => {}
        "dense" => {
            let (weight, [_, outputs]) = tensor(part(0)?)?;
            model.parameters.extend(transposed(&weight, outputs));
            model.parameters.extend(bias(1, outputs)?);
            model.layer("dense", format!("Dense<{outputs}>"), outputs);
        }
        "conv1d" => {
            let (weight, [taps, channels, filters]) = tensor(part(0)?)?;
            let order = (0..filters)
                .flat_map(|f| (0..channels).flat_map(move |c| (0..taps).map(move |k| (f, c, k))));
            let at = |(f, c, k)| weight[(k * channels + c) * filters + f];
            model.parameters.extend(order.map(at));
            model.parameters.extend(bias(1, filters)?);
            let (dilation, groups) =
                (whole_or(layer, "dilation", 1)?, whole_or(layer, "groups", 1)?);
            model.layer("conv", convolution(filters, taps, dilation, groups), filters);
        }
        "conv2d" => convolution_of_frequencies(model, layer, part(0)?, &bias(1, 0)?)?,
        "batchnorm" | "batchnorm2d" => {
            // A value for each filter, of which there is one at each frequency.
            let times = whole_or(layer, "num_features_in", 1)?;
            let last = weights.len().checked_sub(2).ok_or("there is no mean and no variance")?;
            let (mean, variance) = (numbers(part(last)?)?, numbers(part(last + 1)?)?);
            let (scale, shift) = match last {
                2 => (numbers(part(0)?)?, numbers(part(1)?)?),
                _ => (vec![1.0; mean.len()], vec![0.0; mean.len()]),
            };
            let epsilon = field(layer, "epsilon")?.as_f64().ok_or("`epsilon` is no number")?;
            model.parameters.extend(scale.repeat(times).into_iter().chain(shift.repeat(times)));
            model.statistics.extend(mean.repeat(times));
            let with_epsilon = |v: &f64| v + epsilon - EPSILON;
            model.statistics.extend(variance.repeat(times).iter().map(with_epsilon));
            model.function("BatchNorm");
        }
        "prelu" => {
            let (slopes, channels) = (numbers(part(0)?)?, model.output);
            prelu(model, &slopes.repeat(channels / slopes.len().max(1)));
        }
        "lstm" => {
            let ((input, _), (hidden, [units, rows])) = (tensor::<2>(part(0)?)?, tensor(part(1)?)?);
            let (bias, none) = (numbers(part(2)?)?, vec![0.0; rows]);
            let turned = [transposed(&input, rows), transposed(&hidden, rows), bias, none];
            model.cells("Lstm", units, turned);
        }
        "gru" => {
            let ((input, _), (hidden, [units, rows])) = (tensor::<2>(part(0)?)?, tensor(part(1)?)?);
            // The gates are z, r and n there, r, z and n here.
            let turned = |values: &[f64]| {
                let gate = values.len() / 3;
                [&values[gate..2 * gate], &values[..gate], &values[2 * gate..]].concat()
            };
            let (of_input, of_hidden) = (transposed(&input, rows), transposed(&hidden, rows));
            let biases = numbers(part(2)?)?;
            let (b_ih, b_hh) = biases.split_at_checked(rows).ok_or("its biases are too few")?;
            let weights = [turned(&of_input), turned(&of_hidden), turned(b_ih), turned(b_hh)];
            model.cells("Gru", units, weights);
        }
        _ => return Err("it is no layer that is known here".to_string()),
    }
    Ok(())
}

/// A causal convolution as it is declared.
pub fn convolution(filters: usize, taps: usize, dilation: usize, groups: usize) -> String {
    let mut text = format!("CausalConv1d<{filters}, {taps}");
    if dilation > 1 {
        text += &format!(", dilation = {dilation}");
    }
    if groups > 1 {
        text += &format!(", groups = {groups}");
    }
    text + ">"
}

/// A rectifier with a slope below zero for each channel: `max(x, 0) - slope max(-x, 0)`.
pub fn prelu(model: &mut Description, slopes: &[f64]) {
    let n = slopes.len();
    let unit = |i: usize, value: f64| (0..n).map(move |j| if i == j { value } else { 0.0 });
    model.parameters.extend((0..n).flat_map(|i| unit(i, 1.0)));
    model.parameters.extend((0..n).flat_map(|i| unit(i, -1.0)));
    for (i, slope) in slopes.iter().enumerate() {
        model.parameters.extend(unit(i, 1.0).chain(unit(i, -slope)));
    }
    model.layer("split", format!("CausalConv1d<{}, 1, bias = 0>", 2 * n), n);
    model.function("Relu");
    model.layer("join", format!("CausalConv1d<{n}, 1, bias = 0>"), n);
}

/// A convolution over time and frequency, as one over time of all frequencies: most of its weights
/// are zero.
fn convolution_of_frequencies(
    model: &mut Description,
    layer: &Value,
    weights: &Value,
    bias: &[f64],
) -> Result<(), String> {
    let number = |name| whole(field(layer, name)?);
    let (features, stride) = (number("num_features_in")?, number("strides")?);
    let (weight, [taps, across, channels, filters]) = tensor(weights)?;
    if stride == 0 || across > features {
        return Err(format!("{across} frequencies of {features}, {stride} at a time"));
    }
    let (outputs, pad) = match text(layer, "padding") {
        "valid" => ((features - across) / stride + 1, 0),
        _ => {
            let outputs = features.div_ceil(stride);
            (outputs, ((outputs - 1) * stride + across).saturating_sub(features) / 2)
        }
    };
    for place in 0..outputs {
        for filter in 0..filters {
            for feature in 0..features {
                for channel in 0..channels {
                    let within =
                        (feature + pad).checked_sub(place * stride).filter(|&w| w < across);
                    model.parameters.extend((0..taps).map(|tap| {
                        within.map_or(0.0, |within| {
                            weight
                                [((tap * across + within) * channels + channel) * filters + filter]
                        })
                    }));
                }
            }
        }
    }
    model.parameters.extend(bias.repeat(outputs));
    let (all, dilation) = (outputs * filters, whole_or(layer, "dilation", 1)?);
    model.layer("conv", convolution(all, taps, dilation, 1), all);
    Ok(())
}
