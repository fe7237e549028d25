//! The mean of each feature map.
//!
//! ```text
//! forward   y[c] = sum over i, j of x[c, i, j] / (H W)
//! backward  dx[c, i, j] = dy[c] / (H W)
//! ```
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Vector<C>`.

use crate::kernel::{Real, elementwise};
use crate::layer::{Backward, Forward, Layer, Nonlinearity};
use crate::layers::window::takes_image;
use crate::shape::{Check, Columns, Shape, Vector, columns, columns_mut};

crate::layer! {
    /// The mean of each feature map, as a vector.
    pub struct GlobalAvgPool;
}

impl<In: Shape> Layer<In> for GlobalAvgPool {
    type Out = Vector<In::Channels>;
    crate::keeps! {}

    const CHECK: Check = takes_image::<In>("GlobalAvgPool");
    const OPERATIONS: usize = In::SIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        for (mut y, x) in y.column_iter_mut().zip(x.column_iter()) {
            y.fill(T::ZERO);
            let pixels: Columns<'_, T, In::Channels> = columns(x.as_slice());
            for pixel in pixels.column_iter() {
                elementwise::add(y.as_mut_slice(), pixel.as_slice());
            }
            y *= share::<In, T>();
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), .. } = pass else { return };
        for (mut dx, dy) in dx.column_iter_mut().zip(dy.column_iter()) {
            let mut pixels = columns_mut::<In::Channels, T>(dx.as_mut_slice());
            for mut pixel in pixels.column_iter_mut() {
                pixel.zip_apply(&dy, |dx, dy| *dx = share::<In, T>() * dy);
            }
        }
    }
}

/// A pixel's share of the mean.
fn share<In: Shape, T: Real>() -> T {
    T::of(1.0 / (In::SIZE / In::DIMS[0]) as f64)
}
