//! Borders of zeros around an image.
//!
//! ```text
//! forward   y[c, i + T, j + L] = x[c, i, j], and 0 outside
//! backward  dx[c, i, j] = dy[c, i + T, j + L]
//! ```
//!
//! with borders `T`, `B`, `L` and `R` at the top, at the bottom, at the left and at the right.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<C, H + T + B, W + L + R>`.

use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, Nonlinearity, NotGiven};
use crate::layers::window::{Optional, takes_image};
use crate::shape::{Check, Dimension, Image, Shape};
use typenum::Unsigned;

crate::layer! {
    /// A border of `Pad` zeros on all four sides: `ZeroPad<1>`.
    ///
    /// Keyed arguments: `pad_width`, which is at the left and at the right, while `Pad` is then at the
    /// top and at the bottom, and for one side `pad_top`, `pad_bottom`, `pad_left` and `pad_right`:
    /// `ZeroPad<0, pad_bottom = 1>`. Convolutions and pools pad by themselves, with `pad = 1`.
    pub struct ZeroPad<
        Pad;
        pad_width: PadWidth = NotGiven,
        pad_top: PadTop = NotGiven,
        pad_bottom: PadBottom = NotGiven,
        pad_left: PadLeft = NotGiven,
        pad_right: PadRight = NotGiven
    >;
}

impl<In: Shape, P, Pw, Pt, Pb, Pl, Pr> Layer<In> for ZeroPad<P, Pw, Pt, Pb, Pl, Pr>
where
    P: Dimension,
    Pw: Optional,
    Pt: Optional,
    Pb: Optional,
    Pl: Optional,
    Pr: Optional,
{
    type Out = Image<
        In::Channels,
        Padded<In::Height, Pt::Or<P>, Pb::Or<P>>,
        Padded<In::Width, Pl::Or<Pw::Or<P>>, Pr::Or<Pw::Or<P>>>,
    >;
    crate::keeps! {}

    const CHECK: Check = takes_image::<In>("ZeroPad");
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        let rows = x.as_slice().chunks_exact(In::DIMS[0] * In::DIMS[2]);
        let corner = [<Pt::Or<P>>::USIZE, <Pl::Or<Pw::Or<P>>>::USIZE];
        y.fill(T::ZERO);
        let inside = inside::<In, Self::Out, T>(y.as_mut_slice(), corner);
        inside.zip(rows).for_each(|(y, x)| y.copy_from_slice(x));
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { mut dy, dx: Some(mut dx), .. } = pass else { return };
        let rows = dx.as_mut_slice().chunks_exact_mut(In::DIMS[0] * In::DIMS[2]);
        let corner = [<Pt::Or<P>>::USIZE, <Pl::Or<Pw::Or<P>>>::USIZE];
        let inside = inside::<In, Self::Out, T>(dy.as_mut_slice(), corner);
        inside.zip(rows).for_each(|(dy, dx)| dx.copy_from_slice(dy));
    }
}

/// A size with its borders.
type Padded<Size, Before, After> = <<Size as Dimension>::Plus<Before> as Dimension>::Plus<After>;

/// The rows of images `In` inside their borders, which `top` and `left` are parts of.
fn inside<In: Shape, Out: Shape, T: Real>(
    padded: &mut [T],
    [top, left]: [usize; 2],
) -> impl Iterator<Item = &mut [T]> {
    let ([channels, height, width], row) = (In::DIMS, Out::DIMS[2] * In::DIMS[0]);
    padded.chunks_exact_mut(Out::SIZE).flat_map(move |image| {
        let rows = image[top * row..].chunks_exact_mut(row).take(height);
        rows.map(move |row| &mut row[left * channels..][..width * channels])
    })
}
