//! The mean over the steps of each sequence.
//!
//! ```text
//! forward   y = sum of x over the steps / steps
//! backward  dx = dy / steps at every step
//! ```
//!
//! Shapes: any, kept; `steps x lanes` columns become `lanes`.

use crate::kernel::{Real, elementwise};
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::shape::{Columns, ColumnsMut, Shape};

crate::layer! {
    /// Takes the mean over the steps of each sequence. There is then one target for each lane.
    pub struct MeanSteps;
}

impl<In: Shape> Layer<In> for MeanSteps {
    type Out = In;
    type Params<T: Real> = ();
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ();

    const CHECK: crate::Check = crate::Check::require(
        In::NUMERIC,
        "MeanSteps takes numbers, but is given token ids: embed them first",
    );
    const OPERATIONS: usize = In::SIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn columns(columns: usize, lanes: usize) -> usize {
        lanes.min(columns)
    }

    fn forward<T: Real>(
        _: &(),
        _: &(),
        _: &mut (),
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, In, T>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
        let (x, y) = (x.numbers(), y.as_mut_slice());
        y.fill(T::ZERO);
        for step in x.chunks_exact(y.len().max(1)) {
            elementwise::add(y, step);
        }
        let steps = x.len() / y.len().max(1);
        elementwise::scale(y, T::ONE / T::of(steps as f64));
    }

    fn backward<T: Real>(
        _: &(),
        _: &mut (),
        pass: Backward<'_, In, In, T>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
        if let Some(mut dx) = pass.dx {
            let (dx, dy) = (dx.as_mut_slice(), pass.dy.as_slice());
            let share = T::ONE / T::of((dx.len() / dy.len().max(1)) as f64);
            for step in dx.chunks_exact_mut(dy.len().max(1)) {
                elementwise::map_into(step, dy, |dy| dy * share);
            }
        }
    }
}
