//! The last step of each sequence.
//!
//! ```text
//! forward   y = x of the last step
//! backward  dx = dy at the last step, 0 at all others
//! ```
//!
//! Shapes: any, kept; `steps x lanes` columns become `lanes`. A lane that ends before others has a last
//! step of its own.

use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, Nonlinearity, Steps};
use crate::shape::Shape;

crate::layer! {
    /// Keeps the last step of each sequence: of a whole sequence, one answer. There is then one
    /// target for each lane.
    pub struct LastStep;
}

impl<In: Shape> Layer<In> for LastStep {
    type Out = In;
    crate::keeps! {}

    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;
    const STEPS: Steps = Steps::ONE;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, cx, .. } = pass;
        for (mut y, last) in y.column_iter_mut().zip(cx.lanes_of(x.ncols()).last()) {
            y.copy_from(&x.column(last));
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), cx, .. } = pass else { return };
        dx.fill(T::ZERO);
        for (dy, last) in dy.column_iter().zip(cx.lanes_of(dx.ncols()).last()) {
            dx.column_mut(last).copy_from(&dy);
        }
    }
}
