//! The mean over the steps of each sequence.
//!
//! ```text
//! forward   y = sum of x over the steps of a lane / steps
//! backward  dx = dy / steps at every step, 0 beyond the end of a lane
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
    const STEPS: Steps = Steps::ONE;
    const LOOKS_BACK: usize = UNLIMITED;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, cx, .. } = pass;
        let lanes = cx.lanes_of(x.ncols());
        y.fill(T::ZERO);
        for (column, x) in x.as_slice().chunks_exact(In::SIZE).enumerate() {
            if lanes.has(column) {
                elementwise::add(y.column_mut(column % lanes.count()).as_mut_slice(), x);
            }
        }
        for (lane, mut y) in y.column_iter_mut().enumerate() {
            elementwise::scale(y.as_mut_slice(), share(lanes.length(lane)));
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), cx, .. } = pass else { return };
        let lanes = cx.lanes_of(dx.ncols());
        for (column, dx) in dx.as_mut_slice().chunks_exact_mut(In::SIZE).enumerate() {
            let lane = column % lanes.count();
            let share = if lanes.has(column) { share(lanes.length(lane)) } else { T::ZERO };
            elementwise::map_into(dx, dy.column(lane).as_slice(), |dy| dy * share);
        }
    }
}

/// One over the number of steps.
fn share<T: Real>(steps: usize) -> T {
    T::ONE / T::of(steps as f64)
}
