//! An image as a flat vector, in the order channels, height, width.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Vector<C H W>`.

use crate::kernel::Real;
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::memory::{differs, to_channels_first, to_channels_last};
use crate::shape::{Columns, ColumnsMut, Shape, Vector};

crate::layer! {
    /// An image as a flat vector, in the order channels, height, width.
    ///
    /// [`Dense`](crate::layers::Dense) does the same by itself, so this is for readers, and for
    /// layers to which an image is another thing than its pixels.
    pub struct Flatten;
}

impl<In: Shape> Layer<In> for Flatten {
    type Out = Vector<In::Features>;
    type Params<T: Real> = ();
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ();

    const CHECK: crate::Check = crate::Check::require(
        In::NUMERIC,
        "Flatten takes numbers, but is given token ids: embed them first",
    );
    const OPERATIONS: usize = 0;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(
        _: &(),
        _: &(),
        _: &mut (),
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, Self::Out, T>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
        if differs::<In>() {
            to_channels_first::<In, T>(y.as_mut_slice(), x.numbers());
        } else {
            y.as_mut_slice().copy_from_slice(x.numbers());
        }
    }

    fn backward<T: Real>(
        _: &(),
        _: &mut (),
        pass: Backward<'_, In, Self::Out, T>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
        let Some(mut dx) = pass.dx else { return };
        if differs::<In>() {
            to_channels_last::<In, T>(dx.as_mut_slice(), pass.dy.as_slice());
        } else {
            dx.as_mut_slice().copy_from_slice(pass.dy.as_slice());
        }
    }
}
