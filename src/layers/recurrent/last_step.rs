//! The last step of each sequence.
//!
//! ```text
//! forward   y = x of the last step
//! backward  dx = dy at the last step, 0 at all others
//! ```
//!
//! Shapes: any, kept; `steps x lanes` columns become `lanes`.

use crate::kernel::Real;
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::shape::{Columns, ColumnsMut, Shape};

crate::layer! {
    /// Keeps the last step of each sequence: of a whole sequence, one answer. There is then one
    /// target for each lane.
    pub struct LastStep;
}

impl<In: Shape> Layer<In> for LastStep {
    type Out = In;
    type Params<T: Real> = ();
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ();

    const CHECK: crate::Check = crate::Check::require(
        In::NUMERIC,
        "LastStep takes numbers, but is given token ids: embed them first",
    );
    const OPERATIONS: usize = 0;
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
        y.copy_from_slice(&x[x.len() - y.len()..]);
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
            let (before, last) = dx.split_at_mut(dx.len() - dy.len());
            before.fill(T::ZERO);
            last.copy_from_slice(dy);
        }
    }
}
