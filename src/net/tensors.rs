//! A model's tensors by name.

use super::{Model, Network};
use crate::kernel::Real;
use crate::layer::{Plain, TensorInfo, tensors};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// A tensor of a model; `V` is a slice of its values.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Tensor<V> {
    /// The name: its layer's, and what it is of the layer.
    pub name: String,
    /// The dimensions, as in PyTorch.
    pub dims: Vec<usize>,
    /// The values, row after row.
    pub values: V,
}

impl<V> Tensor<V> {
    fn of(info: TensorInfo, values: impl FnOnce(Range<usize>) -> V) -> Self {
        let TensorInfo { names, dims, place } = info;
        Self { name: names.into_iter().next().unwrap_or_default(), dims, values: values(place) }
    }
}

/// Tensors by the names that they have in files.
impl<N: Network, T: Real> Model<N, T> {
    /// All tensors, parameters first, then statistics, in the order of the layers.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! { struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> } }
    ///
    /// let model = Model::<Gate>::zeroed();
    /// let tensors: Vec<_> = model.tensors().into_iter().map(|t| (t.name, t.dims)).collect();
    /// assert_eq!(tensors[0], ("fc1.weight".into(), vec![8, 2]));
    /// assert_eq!(tensors[3], ("fc2.bias".into(), vec![1]));
    /// ```
    pub fn tensors(&self) -> Vec<Tensor<&[T]>> {
        let params = tensors::<T, N::Params<T>>().into_iter();
        let stats = tensors::<T, N::Stats<T>>().into_iter();
        let params = params.map(|info| Tensor::of(info, |place| &self.parameters()[place]));
        let stats = stats.map(|info| Tensor::of(info, |place| &self.statistics()[place]));
        params.chain(stats).collect()
    }

    /// The tensor of this name, if there is one. A weight that layers share has a name for each.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! { struct Gate: Vector<2> => Vector<1> { fc1: Dense<8>, Tanh, fc2: Dense<1> } }
    ///
    /// let mut model = Model::<Gate>::zeroed();
    /// model.tensor_mut("fc1.weight").unwrap().values[2] = 0.5;
    /// assert_eq!(model.fc1.weight[1][0], 0.5);
    /// assert_eq!(model.tensor("fc1.weight").unwrap().dims, [8, 2]);
    /// assert!(model.tensor("fc3.weight").is_none());
    /// ```
    pub fn tensor(&self, name: &str) -> Option<Tensor<&[T]>> {
        let (info, values) = match find::<T, N::Params<T>>(name) {
            Some(info) => (info, self.parameters()),
            None => (find::<T, N::Stats<T>>(name)?, self.statistics()),
        };
        Some(Tensor::of(info, |place| &values[place]))
    }

    /// As [`tensor`](Self::tensor), to be written.
    pub fn tensor_mut(&mut self, name: &str) -> Option<Tensor<&mut [T]>> {
        let (info, values) = match find::<T, N::Params<T>>(name) {
            Some(info) => (info, self.parameters_mut()),
            None => (find::<T, N::Stats<T>>(name)?, self.statistics_mut()),
        };
        Some(Tensor::of(info, |place| &mut values[place]))
    }
}

/// The tensor of `P` with this name.
fn find<T: Real, P: Plain<T>>(name: &str) -> Option<TensorInfo> {
    tensors::<T, P>().into_iter().find(|info| info.names.iter().any(|known| known == name))
}
