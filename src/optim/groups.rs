//! Parameters that are not all treated alike.

use crate::kernel::Real;
use crate::layer::{Plain, TensorVisitor};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

/// For each tensor of a network, how an optimiser treats it: by which factors on the learning rate
/// and on the weight decay. Set it with [`Descent::groups`](super::Descent::groups); a
/// [`Model`](crate::Model) makes it, by its tensors' names.
///
/// ```
/// use formwork::optim::{AdamW, Optimizer};
/// use formwork::prelude::*;
///
/// network! {
///     struct Net: Vector<2> => Vector<2> { fc1: Dense<8>, LayerNorm, Relu, head: Dense<2> }
/// }
///
/// // What is a vector, a bias or a norm's scale, does not decay; the head learns ten times as fast.
/// let groups = Model::<Net>::groups()
///     .without_decay(|_, dims| dims.len() == 1)
///     .rate(10.0, |name, _| name.starts_with("head."));
/// assert_eq!(
///     groups.to_string(),
///     "fc1.bias: weight decay x 0; layer_norm1.weight: weight decay x 0; \
///      layer_norm1.bias: weight decay x 0; head.weight: rate x 10; \
///      head.bias: rate x 10, weight decay x 0"
/// );
/// let mut adamw = AdamW::new(0.001).groups(groups);
/// # let mut model = Model::<Net>::zeroed();
/// # adamw.step(model.parameters_mut(), &[0.0; Net::PARAMETERS]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    tensors: Vec<Tensor>,
}

/// A tensor, and how it is treated.
#[derive(Clone, Debug, PartialEq)]
struct Tensor {
    name: String,
    dims: Vec<usize>,
    range: Range<usize>,
    factors: Factors,
}

/// What a parameter's learning rate and weight decay are multiplied by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Factors {
    pub rate: f64,
    pub decay: f64,
}

impl Factors {
    pub const ONE: Self = Self { rate: 1.0, decay: 1.0 };
}

impl Groups {
    /// The tensors of `P`, all treated alike so far.
    pub fn of<T: Real, P: Plain<T>>() -> Self {
        let mut tensors = Vec::new();
        P::tensors(&mut TensorVisitor::new(&mut |name, dims, range| {
            let (name, dims) = (name.to_owned(), dims.to_owned());
            tensors.push(Tensor { name, dims, range, factors: Factors::ONE });
        }));
        Self { tensors }
    }

    /// Multiplies the learning rate of those tensors by a factor of which `which`, given name and
    /// dimensions, is true: 0 leaves them as they are. Schedules act on all rates.
    ///
    /// # Panics
    /// If the factor is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn rate(self, factor: f64, which: impl Fn(&str, &[usize]) -> bool) -> Self {
        let factor = super::hyper::not_negative(factor, "the factor of a rate");
        self.change(which, |factors| factors.rate *= factor)
    }

    /// Multiplies the weight decay of those tensors by a factor of which `which`, given name and
    /// dimensions, is true.
    ///
    /// # Panics
    /// If the factor is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn decay(self, factor: f64, which: impl Fn(&str, &[usize]) -> bool) -> Self {
        let factor = super::hyper::not_negative(factor, "the factor of a weight decay");
        self.change(which, |factors| factors.decay *= factor)
    }

    /// Takes the weight decay from those tensors of which `which`, given name and dimensions, is true.
    #[must_use]
    pub fn without_decay(self, which: impl Fn(&str, &[usize]) -> bool) -> Self {
        self.decay(0.0, which)
    }

    fn change(
        mut self,
        which: impl Fn(&str, &[usize]) -> bool,
        change: impl Fn(&mut Factors),
    ) -> Self {
        let chosen = self.tensors.iter_mut().filter(|tensor| which(&tensor.name, &tensor.dims));
        chosen.for_each(|tensor| change(&mut tensor.factors));
        self
    }

    /// Of how many parameters these are.
    pub fn parameters(&self) -> usize {
        self.tensors.last().map_or(0, |tensor| tensor.range.end)
    }

    /// Refuses another number of parameters.
    #[track_caller]
    pub(super) fn assert_of(&self, parameters: usize) {
        assert!(
            self.parameters() == parameters,
            "groups of {} parameters for a step of {parameters}: they are of another network",
            self.parameters()
        );
    }

    /// Runs of parameters that are treated alike, one after the other: how many, and how.
    pub(super) fn runs(&self) -> impl Iterator<Item = (usize, Factors)> {
        let runs = self.tensors.chunk_by(|a, b| a.factors == b.factors);
        runs.map(|run| (run.iter().map(|tensor| tensor.range.len()).sum(), run[0].factors))
    }
}

/// The tensors that are treated otherwise than most, for checkpoints, which notice when a run goes on
/// with others.
impl fmt::Display for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others = self.tensors.iter().filter(|tensor| tensor.factors != Factors::ONE);
        let mut between = "";
        for Tensor { name, factors: Factors { rate, decay }, .. } in others {
            write!(f, "{between}{name}: ")?;
            match (*rate != 1.0, *decay != 1.0) {
                (true, true) => write!(f, "rate x {rate}, weight decay x {decay}")?,
                (true, false) => write!(f, "rate x {rate}")?,
                _ => write!(f, "weight decay x {decay}")?,
            }
            between = "; ";
        }
        if between.is_empty() { f.write_str("none") } else { Ok(()) }
    }
}
