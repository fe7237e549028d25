//! A larger image, by repeating pixels.
//!
//! ```text
//! forward   y[c, i, j] = x[c, i / N, j / N], rounded down
//! backward  dx[c, m, n] = sum of dy[c, i, j] over the pixels where i / N = m and j / N = n
//! ```
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<C, N H, N W>`.

use crate::kernel::{Real, elementwise};
use crate::layer::{Backward, Forward, Layer, Nonlinearity};
use crate::layers::window::takes_image;
use crate::shape::{Check, Dimension, Image, Shape};

crate::layer! {
    /// `Factor` times as many pixels each way, each the nearest of the input: `Upsample<2>`.
    pub struct Upsample<Factor>;
}

impl<In: Shape, N: Dimension> Layer<In> for Upsample<N> {
    type Out = Image<
        In::Channels,
        <In::Height as Dimension>::Times<N>,
        <In::Width as Dimension>::Times<N>,
    >;
    crate::keeps! {}

    const CHECK: Check = takes_image::<In>("Upsample")
        .and(Check::require(N::USIZE > 0, "a factor of 0 leaves no image"));
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        let (factor, channels, row) = (N::USIZE, In::DIMS[0], In::DIMS[0] * In::DIMS[2]);
        let bands = y.as_mut_slice().chunks_exact_mut(factor * factor * row);
        for (band, x) in bands.zip(x.as_slice().chunks_exact(row)) {
            for y in band.chunks_exact_mut(factor * row) {
                let pixels = y.chunks_exact_mut(factor * channels);
                for (same, x) in pixels.zip(x.chunks_exact(channels)) {
                    same.chunks_exact_mut(channels).for_each(|y| y.copy_from_slice(x));
                }
            }
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), .. } = pass else { return };
        let (factor, channels, row) = (N::USIZE, In::DIMS[0], In::DIMS[0] * In::DIMS[2]);
        dx.fill(T::ZERO);
        let bands = dy.as_slice().chunks_exact(factor * factor * row);
        for (band, dx) in bands.zip(dx.as_mut_slice().chunks_exact_mut(row)) {
            for dy in band.chunks_exact(factor * row) {
                let pixels = dy.chunks_exact(factor * channels);
                for (same, dx) in pixels.zip(dx.chunks_exact_mut(channels)) {
                    same.chunks_exact(channels).for_each(|dy| elementwise::add(dx, dy));
                }
            }
        }
    }
}
