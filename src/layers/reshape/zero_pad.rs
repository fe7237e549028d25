//! A border of zeros around an image.
//!
//! ```text
//! forward   y[c, i + P, j + P] = x[c, i, j], and 0 outside
//! backward  dx[c, i, j] = dy[c, i + P, j + P]
//! ```
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<C, H + 2 P, W + 2 P>`.

use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, Nonlinearity};
use crate::layers::window::takes_image;
use crate::shape::{Check, Dimension, Image, Shape};

crate::layer! {
    /// A border of `Pad` zeros on all four sides: `ZeroPad<1>`.
    ///
    /// Convolutions and pools pad by themselves, with `pad = 1`.
    pub struct ZeroPad<Pad>;
}

impl<In: Shape, P: Dimension> Layer<In> for ZeroPad<P> {
    type Out = Image<
        In::Channels,
        <In::Height as Dimension>::Plus<P::Double>,
        <In::Width as Dimension>::Plus<P::Double>,
    >;
    crate::keeps! {}

    const CHECK: Check = takes_image::<In>("ZeroPad");
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        let rows = x.as_slice().chunks_exact(In::DIMS[0] * In::DIMS[2]);
        y.fill(T::ZERO);
        let inside = inside::<In, T>(y.as_mut_slice(), P::USIZE);
        inside.zip(rows).for_each(|(y, x)| y.copy_from_slice(x));
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { mut dy, dx: Some(mut dx), .. } = pass else { return };
        let rows = dx.as_mut_slice().chunks_exact_mut(In::DIMS[0] * In::DIMS[2]);
        let inside = inside::<In, T>(dy.as_mut_slice(), P::USIZE);
        inside.zip(rows).for_each(|(dy, dx)| dx.copy_from_slice(dy));
    }
}

/// The rows of images `In` inside their borders.
fn inside<In: Shape, T: Real>(padded: &mut [T], pad: usize) -> impl Iterator<Item = &mut [T]> {
    let [channels, height, width] = In::DIMS;
    let row = (width + 2 * pad) * channels;
    padded.chunks_exact_mut((height + 2 * pad) * row).flat_map(move |image| {
        let rows = image[pad * row..].chunks_exact_mut(row).take(height);
        rows.map(move |row| &mut row[pad * channels..][..width * channels])
    })
}
