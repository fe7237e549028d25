//! The last step of each sequence.
//!
//! ```text
//! forward   y = x of the last step
//! backward  dx = dy at the last step, 0 at all others
//! ```
//!
//! Shapes: any, kept; `steps x lanes` columns become `lanes`.

use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, Nonlinearity, Steps};
use crate::shape::Shape;
use nalgebra::Dyn;

crate::layer! {
    /// Keeps the last step of each sequence: of a whole sequence, one answer. There is then one
    /// target for each lane.
    pub struct LastStep;
}

impl<In: Shape> Layer<In> for LastStep {
    type Out = In;
    crate::keeps! {}

    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;
    const STEPS: Steps = Steps::One;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        let lanes = y.ncols();
        y.copy_from(&x.columns_generic(x.ncols() - lanes, Dyn(lanes)));
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), .. } = pass else { return };
        let (lanes, last) = (dy.ncols(), dx.ncols() - dy.ncols());
        dx.fill(T::ZERO);
        dx.columns_generic_mut(last, Dyn(lanes)).copy_from(&dy);
    }
}
