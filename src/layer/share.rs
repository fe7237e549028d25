//! Layers that share a weight matrix: `tied to`.

use super::Layer;
use crate::kernel::Real;
use crate::shape::Shape;

/// A layer with a weight matrix that others may share.
#[diagnostic::on_unimplemented(
    message = "no layer can be tied to this one",
    label = "has no weight matrix to share"
)]
pub trait SharesWeight<In: Shape>: Layer<In> {
    /// Rows and columns of the weight matrix.
    const WEIGHT: [usize; 2];
    /// The weight matrix, row after row.
    fn weight<T: Real>(params: &Self::Params<T>) -> &[T];
    /// The weight matrix, row after row, to be written.
    fn weight_mut<T: Real>(params: &mut Self::Params<T>) -> &mut [T];
}

/// A layer that takes the weight matrix of another, from [`Context::tied`](super::Context::tied).
pub trait TakesWeight<In: Shape>: Layer<In> {
    /// Rows and columns that the weight matrix must have.
    const WEIGHT: [usize; 2];
}
