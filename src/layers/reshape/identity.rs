//! The input as it is.
//!
//! Shapes: any, kept.

use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, Nonlinearity};
use crate::shape::Shape;

crate::layer! {
    /// The input as it is: a stack that does nothing, beside others in
    /// [`Concat`](crate::layers::Concat), [`Sum`](crate::layers::Sum) and
    /// [`Product`](crate::layers::Product).
    pub struct Identity;
}

impl<In: Shape> Layer<In> for Identity {
    type Out = In;
    crate::keeps! {}

    const IN_PLACE: bool = true;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(_: Forward<'_, Self, In, T>) {}

    fn backward<T: Real>(_: Backward<'_, Self, In, T>) {}
}
