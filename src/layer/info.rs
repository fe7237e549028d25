//! What there is to know of a layer in its place.

use super::{Layer, Plain, Steps};
use crate::shape::{Shape, dims};

/// What there is to know of a layer in its place.
#[derive(Clone, Copy, Debug)]
pub struct LayerInfo {
    /// Its name; empty for one of several stacks side by side, which have numbers.
    pub name: &'static str,
    /// Its declaration; empty for what stands for the stacks after another, as the layers inside.
    pub declared: &'static str,
    /// Channels, height and width of its output.
    pub output: [usize; 3],
    /// Its trained parameters.
    pub parameters: usize,
    /// Its floating-point operations for one column.
    pub operations: usize,
    /// What it does to the steps of a sequence.
    pub steps: Steps,
    /// The layers inside.
    pub layers: &'static [LayerInfo],
}

impl LayerInfo {
    /// Of the layer `L` after a shape `In`.
    pub const fn of<L: Layer<In>, In: Shape>(name: &'static str, declared: &'static str) -> Self {
        Self {
            name,
            declared,
            output: dims::<L::Out>(),
            parameters: <L::Params<f32> as Plain<f32>>::LEN,
            operations: L::OPERATIONS,
            steps: L::STEPS,
            layers: L::LAYERS,
        }
    }
}
