//! The rectifier.
//!
//! ```text
//! forward   y = max(x, 0)
//! backward  dx = dy where y > 0, else 0
//! ```
//!
//! Shapes: any, kept. Works in place.

use crate::kernel::{Real, elementwise};
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::shape::{Columns, ColumnsMut, Shape};

crate::layer! {
    /// The rectifier: `y = max(x, 0)`.
    pub struct Relu;
}

impl<In: Shape> Layer<In> for Relu {
    type Out = In;
    type Params<T: Real> = ();
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ();

    const OPERATIONS: usize = In::SIZE;
    const IN_PLACE: bool = true;
    const NEEDS_OUTPUT: bool = true;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Rectifier(0.0);

    fn forward<T: Real>(
        _: &(),
        _: &(),
        _: &mut (),
        _: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, In, T>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
        // Written so that NaN stays NaN and is found out.
        elementwise::map(y.as_mut_slice(), |y| if y < T::ZERO { T::ZERO } else { y });
    }

    fn backward<T: Real>(
        _: &(),
        _: &mut (),
        mut pass: Backward<'_, In, In, T>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
        elementwise::zip(pass.dy.as_mut_slice(), pass.y.numbers(), |dy, y| {
            if y > T::ZERO { dy } else { T::ZERO }
        });
    }
}
