//! What a file of a model says, whatever its format: layers as `network!` declares them, and their
//! parameters in order.

use formwork::data::Number;
use formwork::kernel::Real;
use formwork::layer::{Layer, LayerInfo, State};
use formwork::prelude::*;

/// A model in a file.
#[derive(Default)]
pub struct Description {
    /// Channels that go in, and that come out.
    pub input: usize,
    pub output: usize,
    /// Each layer: a name, and how it is declared.
    pub layers: Vec<(String, String)>,
    /// All parameters, as they lie in a `Model`.
    pub parameters: Vec<f64>,
    /// Running means and variances, likewise.
    pub statistics: Vec<f64>,
    /// The state before the first step, where that is not zero.
    pub state: Vec<f64>,
}

impl Description {
    /// Adds a layer, which gives `output` channels.
    pub fn layer(&mut self, kind: &str, declared: impl Into<String>, output: usize) {
        let same = self.layers.iter().filter(|(name, _)| {
            name.strip_prefix(kind).is_some_and(|rest| rest.parse::<usize>().is_ok())
        });
        let name = format!("{kind}{}", same.count() + 1);
        self.layers.push((name, declared.into()));
        self.output = output;
    }

    /// Adds a layer of `units` cells (`Lstm` or `Gru`), whose tensors are given as PyTorch has them: weights
    /// and biases of the input and of the hidden values, row after row.
    pub fn cells(&mut self, layer: &str, units: usize, [w_ih, w_hh, b_ih, b_hh]: [Vec<f64>; 4]) {
        self.parameters.extend(w_ih.into_iter().chain(w_hh).chain(b_ih).chain(b_hh));
        self.layer(&layer.to_lowercase(), format!("{layer}<{units}>"), units);
    }

    /// Adds a function of each element.
    pub fn function(&mut self, declared: &str) {
        self.layers.push((String::new(), declared.to_string()));
    }

    /// The declaration of the network, to be pasted into a program.
    pub fn declaration(&self) -> String {
        let (input, output) = (self.input, self.output);
        let mut text =
            format!("network! {{\n    pub struct Mine: Vector<{input}> => Vector<{output}> {{\n");
        for (name, declared) in &self.layers {
            let name = if name.is_empty() { String::new() } else { format!("{name}: ") };
            text += &format!("        {name}{declared},\n");
        }
        text + "    }\n}"
    }

    /// Whether `N` is the network of the file: the same layers, whatever their names.
    pub fn is_of<N: Network>(&self) -> bool {
        let layers = <N as Layer<N::Input>>::LAYERS;
        let same = layers.iter().zip(&self.layers).all(|(layer, (_, own))| declared(layer) == *own);
        same && layers.len() == self.layers.len() && N::Input::DIMS == [self.input, 1, 1]
    }

    /// The model, if `N` is its network.
    pub fn model<N: Network, T: Real>(&self) -> Result<Model<N, T>, String> {
        if !self.is_of::<N>() {
            return Err(format!("the network of the file is another:\n{}", self.declaration()));
        }
        let mut model = Model::<N, T>::zeroed();
        copy("parameters", model.parameters_mut(), &self.parameters)?;
        copy("statistics", model.statistics_mut(), &self.statistics)?;
        Ok(model)
    }

    /// Puts the state before the first step in place.
    pub fn start<T: Real + Number>(&self, state: &mut impl State<T>) {
        let mut values = self.state.iter();
        if !self.state.is_empty() {
            state.visit(&mut |part| {
                part.iter_mut().zip(&mut values).for_each(|(to, from)| *to = T::of(*from));
            });
        }
    }
}

/// A layer as it was declared, with those in its braces.
fn declared(layer: &LayerInfo) -> String {
    let inner: Vec<String> = layer.layers.iter().map(declared).collect();
    layer.declared.replace("{ .. }", &format!("{{ {} }}", inner.join(", ")))
}

fn copy<T: Real>(what: &str, to: &mut [T], from: &[f64]) -> Result<(), String> {
    if to.len() != from.len() {
        return Err(format!("the file has {} {what}, expected {}", from.len(), to.len()));
    }
    to.iter_mut().zip(from).for_each(|(to, from)| *to = T::of(*from));
    Ok(())
}
