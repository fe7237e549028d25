//! A larger image, of pixels repeated or interpolated.
//!
//! ```text
//! forward   y[c, i, j] = x[c, i / N, j / N], rounded down; or, bilinear,
//!           y[c, i, j] = sum over m, n of a(i, m) a(j, n) x[c, m, n]
//! backward  dx[c, m, n] = sum over i, j of what dy[c, i, j] has of x[c, m, n]
//! ```
//!
//! where `a(i, m)` is how near to pixel `m` is the place `(i + 1/2) / N - 1/2`, at which the middle of
//! pixel `i` lies: 1 less their distance, or 0; beyond the first and the last pixel these count alone.
//! The factors `N` may differ down and across.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<C, N H, N W>`.

use crate::kernel::{Real, parallel};
use crate::layer::{Backward, Forward, Layer, Nonlinearity, NotGiven, Value};
use crate::layers::window::{Optional, takes_image};
use crate::shape::{Check, Dimension, Image, Shape};
use typenum::Unsigned;

crate::layer! {
    /// `Factor` times as many pixels each way, each the nearest of the input: `Upsample<2>`, or
    /// `Upsample<2>(Interpolation::Bilinear)` for what lies between.
    ///
    /// Keyed argument: `factor_width`, which goes across, while `Factor` then goes down.
    pub struct Upsample<Factor; factor_width: FactorWidth = NotGiven>(Interpolation);
}

/// What is between pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interpolation {
    /// The nearest pixel.
    #[default]
    Nearest,
    /// The pixels around, each as it is near, so that the corners of images, and not the middles of
    /// their corner pixels, lie on each other.
    Bilinear,
}

impl<In: Shape, N, Nw, V> Layer<In> for Upsample<N, Nw, V>
where
    N: Dimension,
    Nw: Optional,
    V: Value<Interpolation> + 'static,
{
    type Out = Image<
        In::Channels,
        <In::Height as Dimension>::Times<N>,
        <In::Width as Dimension>::Times<Nw::Or<N>>,
    >;
    crate::keeps! {}

    const CHECK: Check = takes_image::<In>("Upsample").and(Check::require(
        N::USIZE > 0 && Nw::Or::<N>::USIZE > 0,
        "a factor of 0 leaves no image",
    ));
    const OPERATIONS: usize = match interpolation::<V>() {
        Interpolation::Nearest => 0,
        Interpolation::Bilinear => <Self::Out as Shape>::SIZE.saturating_mul(8),
    };
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        let (size, channels, x) = (<Self::Out as Shape>::SIZE, In::DIMS[0], x.as_slice());
        let cost = y.len();
        parallel::for_each_chunk(y.as_mut_slice(), size, cost, |i, y| {
            let x = &x[i * In::SIZE..][..In::SIZE];
            let pixels = from::<In, Self::Out, V>();
            for (y, parts) in y.chunks_exact_mut(channels).zip(pixels) {
                let [(pixel, share), others @ ..] = parts;
                let (near, share) = (&x[pixel * channels..][..channels], T::of(share));
                y.iter_mut().zip(near).for_each(|(y, &x)| *y = share * x);
                for (pixel, share) in others.into_iter().filter(|(_, share)| *share > 0.0) {
                    let (near, share) = (&x[pixel * channels..][..channels], T::of(share));
                    y.iter_mut().zip(near).for_each(|(y, &x)| *y += share * x);
                }
            }
        });
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), .. } = pass else { return };
        let (size, channels, dy) = (<Self::Out as Shape>::SIZE, In::DIMS[0], dy.as_slice());
        parallel::for_each_chunk(dx.as_mut_slice(), In::SIZE, dy.len(), |i, dx| {
            dx.fill(T::ZERO);
            let dy = &dy[i * size..][..size];
            let pixels = from::<In, Self::Out, V>();
            for (dy, parts) in dy.chunks_exact(channels).zip(pixels) {
                for (pixel, share) in parts.into_iter().filter(|(_, share)| *share > 0.0) {
                    let (dx, share) = (&mut dx[pixel * channels..][..channels], T::of(share));
                    dx.iter_mut().zip(dy).for_each(|(dx, &dy)| *dx += share * dy);
                }
            }
        });
    }
}

const fn interpolation<V: Value<Interpolation>>() -> Interpolation {
    match V::VALUE {
        Some(interpolation) => interpolation,
        None => Interpolation::Nearest,
    }
}

/// For each pixel of the output, those of the input that it is made of, and what each of them counts.
fn from<In: Shape, Out: Shape, V: Value<Interpolation>>() -> impl Iterator<Item = [(usize, f64); 4]>
{
    let ([_, height, width], [_, tall, wide]) = (In::DIMS, Out::DIMS);
    let parts = |i: usize, size: usize, factor: usize| match interpolation::<V>() {
        Interpolation::Nearest => [(i / factor, 1.0), (i / factor, 0.0)],
        Interpolation::Bilinear => {
            // In units of half a pixel of the output, so that it is exact.
            let place = (2 * i + 1).saturating_sub(factor) as f64 / (2 * factor) as f64;
            let first = place as usize;
            let share = place - first as f64;
            [(first, 1.0 - share), ((first + 1).min(size - 1), share)]
        }
    };
    (0..tall).flat_map(move |i| {
        let rows = parts(i, height, tall / height);
        (0..wide).map(move |j| {
            let columns = parts(j, width, wide / width);
            let part = |r: usize, c: usize| {
                let ((row, above), (column, before)) = (rows[r], columns[c]);
                (row * width + column, above * before)
            };
            [part(0, 0), part(0, 1), part(1, 0), part(1, 1)]
        })
    })
}
