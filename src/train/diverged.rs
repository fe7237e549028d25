//! Where training left the finite numbers.

use super::history::History;
use crate::data::{Batch, Batches, Dataset, Target};
use crate::kernel::Real;
use crate::layer::{Plain, TensorVisitor};
use crate::optim::State;
use crate::optim::clip::{self, NonFiniteNorm};
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
    /// The loss, or the norm of the gradient, of the parameters or of what is kept beside
    /// them.
    pub quantity: &'static str,
    /// What it was.
    pub value: f64,
    /// Where that came from.
    pub origin: Origin,
    /// What happened before.
    pub history: History,
}

/// The first thing that is not finite, in the order in which a pass meets them: what goes into the
/// network, what it has learnt, what its layers make of the two, and the loss.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The input of a sample, as [`augment`](super::Trainer::augment) left it: its place in the data
    /// set, counted from 0.
    Input(usize),
    /// A tensor among the parameters.
    Parameter(String),
    /// A tensor among the statistics.
    Statistic(String),
    /// What the optimiser remembers under this name, such as a second moment that has overflowed.
    Optimizer(&'static str),
    /// A layer's output, though what went into it and its parameters were finite.
    Layer(String),
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
            Self::Input(sample) => write!(f, "the input of sample {sample} is not finite"),
            Self::Layer(name) => write!(f, "the first output not finite is that of layer `{name}`"),
            Self::Parameter(name) => write!(f, "the parameter `{name}` is the first not finite"),
            Self::Statistic(name) => write!(f, "the statistic `{name}` is the first not finite"),
            Self::Optimizer(name) => write!(f, "the optimiser's `{name}` is the first not finite"),
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
        write!(f, "the {quantity} is {value}, expected a finite number; {origin}")?;
        match origin {
            Origin::Input(_) => Ok(()),
            _ => f.write_str(". A lower learning rate or clipping the gradient may help"),
        }
    }
}

/// Where and why a run left the finite numbers.
pub(super) struct Cause {
    pub step: Option<usize>,
    pub quantity: &'static str,
    pub value: f64,
    pub origin: Origin,
}

impl Cause {
    /// That of the loss of a step.
    pub fn of_loss(step: usize, value: f64, origin: Origin) -> Self {
        Self { step: Some(step), quantity: "loss", value, origin }
    }

    /// That of `values`, where they are not finite. Their norm is a fast look at all of them; only
    /// where it shows something, the origin is looked for.
    fn of<T: Real>(
        quantity: &'static str,
        values: &[T],
        origin: impl FnOnce() -> Option<Origin>,
    ) -> Option<Self> {
        let NonFiniteNorm { norm: value, index } = clip::norm(values).err()?;
        // Squares of finite numbers may overflow in an `f64`.
        index?;
        Some(Self { step: None, quantity, value, origin: origin()? })
    }
}

/// Where a loss that is not finite comes from; a sample is counted within the batch.
pub(super) fn origin<N: Network, T: Real>(
    model: &Model<N, T>,
    inputs: &Batch<N::Sample, T>,
) -> Origin {
    let is_finite = |&value: &_| Into::<f64>::into(value).is_finite();
    let sample = inputs.iter().position(|sample| !sample.iter().all(is_finite));
    let layer = || Inference::new(inputs.columns()).first_not_finite(model, inputs);
    (sample.map(Origin::Input))
        .or_else(|| not_finite(model).map(|cause| cause.origin))
        .or_else(|| layer().map(Origin::Layer))
        .unwrap_or(Origin::Loss)
}

/// The same for a whole data set, in batches of so many samples.
pub(super) fn origin_in<N: Network, Y: Target, T: Real>(
    model: &Model<N, T>,
    data: &Dataset<N::Sample, Y, T>,
    size: usize,
) -> Origin {
    let (mut batches, mut before) = (Batches::new(size), 0);
    let mut pass = batches.in_order(data);
    while let Some((inputs, _)) = pass.next_batch() {
        match origin(model, inputs) {
            Origin::Loss => before += inputs.columns(),
            Origin::Input(sample) => return Origin::Input(before + sample),
            origin => return origin,
        }
    }
    Origin::Loss
}

/// What of a model is not finite.
pub(super) fn not_finite<N: Network, T: Real>(model: &Model<N, T>) -> Option<Cause> {
    let parameters = model.parameters();
    let parameter = || tensor_not_finite::<T, N::Params<T>>(parameters).map(Origin::Parameter);
    let statistics = model.statistics();
    let statistic = || tensor_not_finite::<T, N::Stats<T>>(statistics).map(Origin::Statistic);
    Cause::of("norm of the parameters", parameters, parameter)
        .or_else(|| Cause::of("norm of the statistics", statistics, statistic))
}

/// What of an optimiser's memory is not finite.
pub(super) fn not_finite_in<T: Real>(state: &State<T>) -> Option<Cause> {
    let quantity = "norm of what the optimiser remembers";
    let cause = |(name, values)| Cause::of(quantity, values, || Some(Origin::Optimizer(name)));
    state.slices().find_map(cause)
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
