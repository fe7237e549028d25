//! The mean over the steps of each sequence.
//!
//! ```text
//! forward   y = sum of x over the steps / steps
//! backward  dx = dy / steps at every step
//! ```
//!
//! Shapes: any, kept; `steps x lanes` columns become `lanes`.

use crate::kernel::{Real, elementwise};
use crate::layer::{Backward, Forward, Layer, Nonlinearity, Steps, UNLIMITED};
use crate::shape::Shape;

crate::layer! {
    /// Takes the mean over the steps of each sequence. There is then one target for each lane.
    pub struct MeanSteps;
}

impl<In: Shape> Layer<In> for MeanSteps {
    type Out = In;
    crate::keeps! {}

    const OPERATIONS: usize = In::SIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;
    const STEPS: Steps = Steps::One;
    const LOOKS_BACK: usize = UNLIMITED;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        let (x, y) = (x.as_slice(), y.as_mut_slice());
        y.fill(T::ZERO);
        for step in x.chunks_exact(y.len().max(1)) {
            elementwise::add(y, step);
        }
        elementwise::scale(y, share(x.len(), y.len()));
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), .. } = pass else { return };
        let (dx, dy) = (dx.as_mut_slice(), dy.as_slice());
        let share = share(dx.len(), dy.len());
        for step in dx.chunks_exact_mut(dy.len().max(1)) {
            elementwise::map_into(step, dy, |dy| dy * share);
        }
    }
}

/// One over the number of steps.
fn share<T: Real>(all: usize, step: usize) -> T {
    T::ONE / T::of((all / step.max(1)) as f64)
}
