//! By what a layer chooses the scale of its initial weights.

/// What a layer does to its input, as far as the scale of the weights before it depends on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Nonlinearity {
    /// It passes the input on at its scale: the layer after it decides.
    Transparent,
    /// A linear map, or the end of the network.
    Linear,
    /// A rectifier with this slope below zero: He initialisation.
    Rectifier(f64),
    /// An odd or sigmoidal squashing function: Xavier initialisation.
    Saturating,
}

impl Nonlinearity {
    /// What decides on the weights of layer `index`: the first of the layers after it that is not
    /// transparent, or else what `follows` the stack.
    pub const fn after(layers: &[Self], index: usize, follows: Self) -> Self {
        let mut i = index + 1;
        while i < layers.len() {
            if !matches!(layers[i], Self::Transparent) {
                return layers[i];
            }
            i += 1;
        }
        follows
    }
}
