//! Where training left the finite numbers.

use super::history::History;
use crate::data::Batch;
use crate::kernel::Real;
use crate::layer::{Plain, TensorVisitor};
use crate::{Inference, Model, Network};
use alloc::string::{String, ToString};
use core::fmt::{self, Display, Formatter};

/// Where training left the finite numbers.
#[derive(Clone, Debug)]
pub struct Diverged {
    /// The epoch, counted from 1 as in the lines of progress.
    pub epoch: usize,
    /// The step within the epoch, counted from 1; `None` after the last one, in validation.
    pub step: Option<usize>,
    /// The loss or the norm of the gradient.
    pub quantity: &'static str,
    /// What it was.
    pub value: f64,
    /// Where that came from.
    pub origin: Origin,
    /// What happened before.
    pub history: History,
}

/// The first thing found that is not finite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A layer's output, though what went into it was finite.
    Layer(String),
    /// A tensor among the parameters.
    Parameter(String),
    /// A tensor among the statistics.
    Statistic(String),
    /// The gradient by a tensor among the parameters.
    Gradient(String),
    /// Nothing outside of the loss function.
    Loss,
    /// The values are finite, the sum of their squares is not.
    Sum,
}

impl Display for Origin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layer(name) => write!(f, "the first output not finite is that of layer `{name}`"),
            Self::Parameter(name) => write!(f, "the parameter `{name}` is the first not finite"),
            Self::Statistic(name) => write!(f, "the statistic `{name}` is the first not finite"),
            Self::Gradient(name) => write!(f, "the gradient by `{name}` is the first not finite"),
            Self::Loss => f.write_str("parameters and outputs are finite"),
            Self::Sum => f.write_str("its values are finite, but too large for their squares"),
        }
    }
}

impl Display for Diverged {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { epoch, step, quantity, value, origin, .. } = self;
        write!(f, "training diverged in epoch {epoch}, ")?;
        match step {
            Some(step) => write!(f, "step {step}: ")?,
            None => f.write_str("validation: ")?,
        }
        write!(f, "the {quantity} is {value}, expected a finite number; {origin}. ")?;
        f.write_str("A lower learning rate or clipping the gradient may help")
    }
}

/// Where a loss that is not finite comes from.
pub(super) fn origin<N: Network, T: Real>(
    model: &Model<N, T>,
    inputs: &Batch<N::Sample, T>,
) -> Origin {
    let layer = Inference::new(inputs.columns()).first_not_finite(model, inputs);
    layer.map(Origin::Layer).or_else(|| not_finite(model)).unwrap_or(Origin::Loss)
}

/// The first tensor of a model that is not finite.
pub(super) fn not_finite<N: Network, T: Real>(model: &Model<N, T>) -> Option<Origin> {
    let parameter = || tensor_not_finite::<T, N::Params<T>>(model.parameters());
    let statistic = || tensor_not_finite::<T, N::Stats<T>>(model.statistics());
    parameter().map(Origin::Parameter).or_else(|| statistic().map(Origin::Statistic))
}

/// The path of the first tensor in a run of floats that is not finite.
pub(super) fn tensor_not_finite<T: Real, P: Plain<T>>(values: &[T]) -> Option<String> {
    let mut found = None;
    P::tensors(&mut TensorVisitor::new(&mut |path, _, range| {
        if found.is_none() && values[range].iter().any(|value| !value.to_f64().is_finite()) {
            found = Some(path.to_string());
        }
    }));
    found
}
