//! RTNeural's JSON of a `state_dict` of PyTorch: tensors by their names, in the order of the layers.
//!
//! It says nothing of functions between layers, nor of dilation: read are recurrent layers and what is
//! dense.

use super::description::Description;
use super::json::{numbers, tensor};
use serde_json::Value;

/// Reads a model from the text of a file, in whose order the layers are.
pub fn read(text: &str) -> Result<Description, String> {
    let file: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let file = file.as_object().ok_or("expected an object of tensors")?;
    let mut names: Vec<&String> = file.keys().collect();
    names.sort_by_key(|name| text.find(&format!("\"{name}\"")));
    let mut model = Description::default();
    let named = |name: &str| file.get(name).ok_or_else(|| format!("there is no `{name}`"));
    let matrix =
        |name: &str| tensor::<2>(named(name)?).map_err(|error| format!("`{name}`: {error}"));
    let vector = |name: &str| numbers(named(name)?).map_err(|error| format!("`{name}`: {error}"));
    for name in names {
        // The first tensor of a layer stands for all of it.
        if let Some((module, layer)) = name.split_once(".weight_ih_") {
            let of = |what: &str| format!("{module}.{what}_{layer}");
            let (input, [rows, inputs]) = matrix(name)?;
            let (hidden, _) = matrix(&of("weight_hh"))?;
            let (b_ih, b_hh) = (vector(&of("bias_ih"))?, vector(&of("bias_hh"))?);
            let units = hidden.len() / rows.max(1);
            let layer = match rows / units.max(1) {
                4 => "Lstm",
                3 => "Gru",
                gates => return Err(format!("`{name}`: no cell has {gates} gates")),
            };
            start(&mut model, inputs);
            model.cells(layer, units, [input, hidden, b_ih, b_hh]);
        } else if let Some(module) = name.strip_suffix(".weight") {
            let (weight, [outputs, inputs]) = matrix(name)?;
            start(&mut model, inputs);
            model.parameters.extend(weight);
            model.parameters.extend(vector(&format!("{module}.bias"))?);
            model.layer("dense", format!("Dense<{outputs}>"), outputs);
        }
    }
    if model.layers.is_empty() { Err("there are no layers".to_string()) } else { Ok(model) }
}

fn start(model: &mut Description, inputs: usize) {
    if model.layers.is_empty() {
        model.input = inputs;
    }
}
