//! Files of Neural Amp Modeler, whose weights lie in the order of the parameters here, but for the head
//! of a WaveNet, whose scale follows it, and for LSTMs.

use super::description::Description;
use super::json::{field, numbers, text, whole, whole_or};
use super::keras::{EPSILON, convolution};
use serde_json::Value;

/// Reads a model.
pub fn read(file: &Value) -> Result<Description, String> {
    let config = field(file, "config")?;
    match text(file, "architecture") {
        // The same model at several widths, the last of them full.
        "SlimmableContainer" => {
            let models = field(config, "submodels")?.as_array().ok_or("`submodels` is no list")?;
            read(field(models.last().ok_or("there are no submodels")?, "model")?)
        }
        "WaveNet" => wave_net(config, numbers(field(file, "weights")?)?),
        "LSTM" => lstm(config, &numbers(field(file, "weights")?)?),
        "ConvNet" => conv_net(config, &numbers(field(file, "weights")?)?),
        "Linear" => linear(config, numbers(field(file, "weights")?)?),
        other => Err(format!("the architecture `{other}` is not known here")),
    }
}

fn wave_net(config: &Value, mut weights: Vec<f64>) -> Result<Description, String> {
    if !field(config, "head")?.is_null() {
        return Err("a head of several layers is not known here".to_string());
    }
    let mut model = Description { input: 1, ..Description::default() };
    let arrays = field(config, "layers")?.as_array().ok_or("`layers` is no list")?;
    let mut before = None;
    let mut head = (0, 0, true);
    for array in arrays {
        let channels = whole(field(array, "channels")?)?;
        model.input = whole(field(array, "condition_size")?)?;
        match before {
            None => model.layer("input", format!("WaveNetInput<{channels}>"), channels),
            Some(before) => {
                let bias = if head.2 { ", bias = 1" } else { "" };
                let declared = format!("WaveNetRechannel<{before}, {channels}{bias}>");
                model.layer("rechannel", declared, channels);
            }
        }
        let dilations = field(array, "dilations")?.as_array().ok_or("`dilations` is no list")?;
        for (i, dilation) in dilations.iter().enumerate() {
            // One for all layers, or one for each.
            let of_layer = |name: &str, all: &str| {
                let each = array.get(name).and_then(|each| each.get(i));
                each.or_else(|| array.get(all).map(|one| one.get(i).unwrap_or(one)))
            };
            let kernel = whole(of_layer("kernel_sizes", "kernel_size").ok_or("no kernel size")?)?;
            let activation = of_layer("activation", "activation").ok_or("no activation")?;
            let gated = array.get("gated").is_some_and(|gated| gated == true)
                || of_layer("gating_mode", "gating_mode").is_some_and(|mode| mode != "none");
            let function = function(activation, gated)?;
            let mut declared = format!("WaveNetLayer<{channels}, {kernel}");
            if whole(dilation)? > 1 {
                declared += &format!(", dilation = {}", whole(dilation)?);
            }
            if gated {
                declared += ", gates = 2";
            }
            model.layer("layer", format!("{declared}> {{ {function} }}"), channels);
        }
        // The head, of one tap in the first version.
        head = match array.get("head") {
            Some(head) => (
                whole(field(head, "out_channels")?)?,
                whole_or(head, "kernel_size", 1)?,
                field(head, "bias")? == true,
            ),
            None => (whole(field(array, "head_size")?)?, 1, field(array, "head_bias")? == true),
        };
        before = Some(channels);
    }
    let channels = before.ok_or("there are no layers")?;
    let (outputs, kernel, bias) = head;
    model.layer("skips", format!("WaveNetSkips<{channels}>"), channels);
    let mut declared = convolution(outputs, kernel, 1, 1);
    if !bias {
        declared = declared.replace('>', ", bias = 0>");
    }
    model.layer("head", declared, outputs);
    // A factor of the output is one of the last layer.
    let scale = weights.pop().ok_or("there are no weights")?;
    let last = outputs * (channels * kernel + usize::from(bias));
    let first = weights.len().checked_sub(last).ok_or("there are too few weights")?;
    weights[first..].iter_mut().for_each(|weight| *weight *= scale);
    model.parameters = weights;
    Ok(model)
}

/// An activation as it is declared: its name alone, or an object with its values.
fn function(activation: &Value, gated: bool) -> Result<String, String> {
    let name = activation.as_str().unwrap_or_else(|| text(activation, "type"));
    Ok(match (name, gated) {
        ("Tanh", true) => "Gated".to_string(),
        ("Tanh", false) => "Tanh".to_string(),
        ("ReLU", false) => "Relu".to_string(),
        ("LeakyReLU", false) => match activation.get("negative_slope").and_then(Value::as_f64) {
            None | Some(0.01) => "LeakyRelu".to_string(),
            Some(slope) => format!("LeakyRelu({slope})"),
        },
        ("Sigmoid", false) => "Sigmoid".to_string(),
        ("SiLU", false) => "Silu".to_string(),
        (other, _) => return Err(format!("the activation `{other}` is not known here")),
    })
}

/// Layer after layer: the weights of inputs and of hidden values side by side, row by row, a bias, and
/// the hidden values and cells before the first step.
fn lstm(config: &Value, weights: &[f64]) -> Result<Description, String> {
    let units = whole(field(config, "hidden_size")?)?;
    let mut inputs = whole(field(config, "input_size")?)?;
    let mut model = Description { input: inputs, ..Description::default() };
    let mut rest = weights;
    let mut take = |count: usize| {
        let (now, later) = rest.split_at_checked(count).ok_or("there are too few weights")?;
        rest = later;
        Ok::<_, String>(now)
    };
    for _ in 0..whole(field(config, "num_layers")?)? {
        let rows: Vec<_> = take(4 * units * (inputs + units))?.chunks(inputs + units).collect();
        let of_inputs = rows.iter().flat_map(|row| row[..inputs].to_vec()).collect();
        let of_hidden = rows.iter().flat_map(|row| row[inputs..].to_vec()).collect();
        let (bias, none) = (take(4 * units)?.to_vec(), vec![0.0; 4 * units]);
        model.cells("Lstm", units, [of_inputs, of_hidden, bias, none]);
        model.state.extend(take(2 * units)?);
        inputs = units;
    }
    model.parameters.extend(take(units + 1)?);
    model.layer("head", "Dense<1>", 1);
    Ok(model)
}

/// Blocks of a convolution of two taps, perhaps a normalisation, and an activation; then a sum of all
/// channels.
fn conv_net(config: &Value, weights: &[f64]) -> Result<Description, String> {
    let channels = whole(field(config, "channels")?)?;
    let normalised = field(config, "batchnorm")? == true;
    let function = function(field(config, "activation")?, false)?;
    let mut model = Description { input: 1, ..Description::default() };
    let mut rest = weights;
    let mut take = |count: usize| {
        let (now, later) = rest.split_at_checked(count).ok_or("there are too few weights")?;
        rest = later;
        Ok::<_, String>(now)
    };
    let mut inputs = 1;
    for dilation in field(config, "dilations")?.as_array().ok_or("`dilations` is no list")? {
        let declared = convolution(channels, 2, whole(dilation)?, 1);
        model.parameters.extend(take(channels * inputs * 2)?);
        if normalised {
            model.layer("conv", declared.replace('>', ", bias = 0>"), channels);
            let (mean, variance) = (take(channels)?, take(channels)?);
            model.parameters.extend(take(2 * channels)?);
            let epsilon = take(1)?[0];
            model.statistics.extend(mean);
            model.statistics.extend(variance.iter().map(|v| v + epsilon - EPSILON));
            model.function("BatchNorm");
        } else {
            model.parameters.extend(take(channels)?);
            model.layer("conv", declared, channels);
        }
        model.function(&function);
        inputs = channels;
    }
    model.parameters.extend(take(channels + 1)?);
    model.layer("head", convolution(1, 1, 1, 1), 1);
    Ok(model)
}

/// One filter.
fn linear(config: &Value, mut weights: Vec<f64>) -> Result<Description, String> {
    let taps = whole(field(config, "receptive_field")?)?;
    let has_bias = field(config, "bias")? == true;
    let first = weights.get_mut(..taps).ok_or("there are too few weights")?;
    // From now back, in the file.
    first.reverse();
    let mut model = Description { input: 1, parameters: weights, ..Description::default() };
    let declared = convolution(1, taps, 1, 1);
    model.layer("conv", if has_bias { declared } else { declared.replace('>', ", bias = 0>") }, 1);
    Ok(model)
}
