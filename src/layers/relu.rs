//! relu
use crate::kernel::Real;
use crate::layer::{Backward, Context, Layer};
use crate::shape::{Columns, ColumnsMut, Shape};

crate::layer! {
    /// Relu
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

    fn forward<T: Real>(_: &(), _: &(), _: &mut (), _x: Columns<'_, In, T>, _y: ColumnsMut<'_, Self::Out, T>, _: &mut (), _: &mut Context<'_, T>) {}
    fn backward<T: Real>(_: &(), _: &mut (), _: Backward<'_, In, Self::Out, T>, _: &mut (), _: &mut Context<'_, T>) {}
}
