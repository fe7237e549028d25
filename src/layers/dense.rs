//! `y = W x + b`

use crate::check::Check;
use crate::kernel::Real;
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::plain::{Row, Rows};
use crate::shape::{Columns, ColumnsMut, Dimension, Shape, Vector};
use rand::Rng;

crate::layer! {
    /// Dense
    pub struct Dense<Out>;
}

crate::params! {
    /// p
    pub struct DenseParams<Out, In> {
        /// w
        pub weight: Rows<T, Out, In>,
        /// b
        pub bias: Row<T, Out>,
    }
}

impl<In: Shape, Out: Dimension> Layer<In> for Dense<Out> {
    type Out = Vector<Out>;
    type Params<T: Real> = DenseParams<Out, In::Features, T>;
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ();

    const CHECK: Check = Check::require(Out::USIZE > 0, "an output of zero");
    const OPERATIONS: usize = 2 * Out::USIZE * In::SIZE;

    fn init<T: Real>(_: &mut Self::Params<T>, _: &mut (), _: Nonlinearity, _: &mut dyn Rng) {}

    fn forward<T: Real>(
        _params: &Self::Params<T>,
        _: &(),
        _: &mut (),
        _x: Columns<'_, In, T>,
        _y: ColumnsMut<'_, Self::Out, T>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
    }

    fn backward<T: Real>(
        _params: &Self::Params<T>,
        _gradient: &mut Self::Params<T>,
        _pass: Backward<'_, In, Self::Out, T>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
    }
}
