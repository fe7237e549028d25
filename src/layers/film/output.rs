//! Where a condition ends.
//!
//! ```text
//! forward   y = x
//! backward  dx = dy, and 0 for the condition
//! ```
//!
//! Shapes: a column `(x, c)` of `C + N` becomes `Vector<C>`.

use super::{carries, rows};
use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, Nonlinearity};
use crate::shape::{Check, Dimension, Shape, Vector};

crate::layer! {
    /// The signal of `Channels` channels without the condition beside it.
    ///
    /// A [`Film`](super::Film) shows where it stands.
    pub struct FilmOutput<Channels>;
}

impl<In: Shape, C: Dimension> Layer<In> for FilmOutput<C> {
    type Out = Vector<C>;
    crate::keeps! {}

    const CHECK: Check = carries::<In, C>("FilmOutput");
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        rows::gather(y.as_mut_slice(), x.as_slice(), In::SIZE, 0..C::USIZE);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), .. } = pass else { return };
        dx.fill(T::ZERO);
        rows::scatter(dx.as_mut_slice(), dy.as_slice(), In::SIZE, 0..C::USIZE);
    }
}
