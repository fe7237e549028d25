//! Where a WaveNet ends.
//!
//! ```text
//! forward   y = k
//! backward  dk = dy, and 0 for all else
//! ```
//!
//! Shapes: a column `(s, k, c)` of `2 C + N` becomes `Vector<C>`.

use super::{carries, rows};
use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, Nonlinearity};
use crate::shape::{Check, Dimension, Shape, Vector};

crate::layer! {
    /// The end of a WaveNet of `Channels` channels: what all its layers have added to the skip sum.
    ///
    /// A [`WaveNetLayer`](super::WaveNetLayer) shows a whole one.
    pub struct WaveNetSkips<Channels>;
}

impl<In: Shape, C: Dimension> Layer<In> for WaveNetSkips<C> {
    type Out = Vector<C>;
    crate::keeps! {}

    const CHECK: Check = carries::<In, C>("WaveNetSkips");
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        rows::gather(y.as_mut_slice(), x.as_slice(), In::SIZE, C::USIZE..2 * C::USIZE);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), .. } = pass else { return };
        dx.fill(T::ZERO);
        rows::scatter(dx.as_mut_slice(), dy.as_slice(), In::SIZE, C::USIZE..2 * C::USIZE);
    }
}
