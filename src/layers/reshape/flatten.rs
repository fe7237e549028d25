//! An image as a flat vector, in the order channels, height, width.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Vector<C H W>`.

use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, Nonlinearity};
use crate::shape::{Shape, Vector, differs, to_channels_first, to_channels_last};

crate::layer! {
    /// An image as a flat vector, in the order channels, height, width.
    ///
    /// [`Dense`](crate::layers::Dense) does the same by itself, so this is for readers, and for
    /// layers to which an image is another thing than its pixels.
    pub struct Flatten;
}

impl<In: Shape> Layer<In> for Flatten {
    type Out = Vector<In::Features>;
    crate::keeps! {}

    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        if differs::<In>() {
            to_channels_first::<In, T>(y.as_mut_slice(), x.as_slice());
        } else {
            y.copy_from(&x);
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), .. } = pass else { return };
        if differs::<In>() {
            to_channels_last::<In, T>(dx.as_mut_slice(), dy.as_slice());
        } else {
            dx.copy_from(&dy);
        }
    }
}
