//! Images turned, scaled and shifted.

use alloc::vec::Vec;

use rand::{Rng, RngExt};

use super::batch::Batch;
use crate::kernel::Real;
use crate::shape::Grid;

/// Turns, scales and shifts each image of a batch by random amounts of its own, as another hand
/// might have drawn it: more samples to train on than there are.
///
/// An amount is drawn evenly between minus and plus its bound; all are 0 unless set. A pixel takes
/// its value from between the four old ones that it comes from (bilinear interpolation); what comes
/// from outside the image is 0. All channels of an image move together. After the first image,
/// nothing is allocated.
///
/// ```
/// use formwork::data::{Classes, RandomAffine};
/// use formwork::optim::Adam;
/// use formwork::prelude::*;
/// use formwork::train::Trainer;
///
/// network! { struct Net: Image<1, 28, 28> => Vector<10> { fc: Dense<10> } }
///
/// let mut affine = RandomAffine::new().rotate(10.0).scale(0.1).shift(2.0);
/// let trainer = Trainer::<Net, Classes<10>, _>::new(Adam::new(1e-3))
///     .augment(|images, rng| affine.apply(images, rng));
/// ```
#[derive(Clone, Debug, Default)]
pub struct RandomAffine<T = f32> {
    degrees: f64,
    scale: f64,
    pixels: f64,
    /// The old image, in a border of zeros.
    old: Vec<T>,
}

impl<T: Real> RandomAffine<T> {
    /// Leaves images as they are.
    pub fn new() -> Self {
        Self::default()
    }

    /// Turns by up to so many degrees, either way, around the middle of the image.
    ///
    /// # Panics
    /// If that is negative or not finite.
    #[track_caller]
    pub fn rotate(mut self, degrees: f64) -> Self {
        assert!(degrees.is_finite() && degrees >= 0.0, "a rotation by up to {degrees} degrees");
        self.degrees = degrees;
        self
    }

    /// Widens and heightens, each by itself, by a factor from `1 - share` to `1 + share`.
    ///
    /// # Panics
    /// If `share` is not at least 0 and below 1.
    #[track_caller]
    pub fn scale(mut self, share: f64) -> Self {
        assert!((0.0..1.0).contains(&share), "a scale of 1 plus or minus {share}");
        self.scale = share;
        self
    }

    /// Shifts by up to so many pixels, across and down.
    ///
    /// # Panics
    /// If that is negative or not finite.
    #[track_caller]
    pub fn shift(mut self, pixels: f64) -> Self {
        assert!(pixels.is_finite() && pixels >= 0.0, "a shift by up to {pixels} pixels");
        self.pixels = pixels;
        self
    }

    /// Changes every image of a batch.
    pub fn apply<const C: usize, const H: usize, const W: usize>(
        &mut self,
        images: &mut Batch<Grid<C, H, W>, T>,
        rng: &mut impl Rng,
    ) {
        self.old.clear();
        self.old.resize((H + 2) * (W + 2), T::ZERO);
        for image in images.data_mut().chunks_exact_mut(C * H * W) {
            let map = self.draw((H, W), rng);
            for plane in image.chunks_exact_mut(H * W) {
                self.enclose(plane, W);
                map.resample(&self.old, plane, (H, W));
            }
        }
    }

    fn draw(&self, (height, width): (usize, usize), rng: &mut impl Rng) -> Map<T> {
        let mut within = |bound: f64| rng.random_range(-bound..=bound);
        let (sin, cos) = nalgebra::ComplexField::sin_cos(within(self.degrees).to_radians());
        let (wide, high) = (1.0 + within(self.scale), 1.0 + within(self.scale));
        let middle = ((width as f64 - 1.0) / 2.0, (height as f64 - 1.0) / 2.0);
        let to = (middle.0 + within(self.pixels), middle.1 + within(self.pixels));
        // From where a pixel is drawn: back, turned back, and down to the old size.
        let (across, down) = ((cos / wide, -sin / high), (sin / wide, cos / high));
        let start = (
            middle.0 - to.0 * across.0 - to.1 * down.0,
            middle.1 - to.0 * across.1 - to.1 * down.1,
        );
        let pair = |(x, y): (f64, f64)| (T::of(x), T::of(y));
        Map { start: pair(start), across: pair(across), down: pair(down) }
    }

    /// Puts an image in its border.
    fn enclose(&mut self, plane: &[T], width: usize) {
        let rows = self.old.chunks_exact_mut(width + 2).skip(1);
        for (old, row) in rows.zip(plane.chunks_exact(width)) {
            old[1..=width].copy_from_slice(row);
        }
    }
}

/// Where in the old image a pixel of the new one comes from, as columns and rows.
struct Map<T> {
    /// The first pixel.
    start: (T, T),
    /// From a pixel to the next in its row.
    across: (T, T),
    /// From a row to the next.
    down: (T, T),
}

impl<T: Real> Map<T> {
    fn resample(&self, old: &[T], new: &mut [T], (height, width): (usize, usize)) {
        // A place in the border, whole and as what is left; beyond the border all is 0, as in it.
        let split = |at: T, size: usize| {
            let at = (at + T::ONE).clamp(T::ZERO, T::of((size + 1) as f64));
            let whole = (at.to_f64() as usize).min(size);
            (whole, at - T::of(whole as f64))
        };
        for (i, row) in new.chunks_exact_mut(width).enumerate() {
            let i = T::of(i as f64);
            for (j, pixel) in row.iter_mut().enumerate() {
                let j = T::of(j as f64);
                let (left, x) = split(self.start.0 + j * self.across.0 + i * self.down.0, width);
                let (top, y) = split(self.start.1 + j * self.across.1 + i * self.down.1, height);
                let upper = &old[top * (width + 2) + left..];
                let lower = &upper[width + 2..];
                let above = upper[0] + x * (upper[1] - upper[0]);
                let below = lower[0] + x * (lower[1] - lower[0]);
                *pixel = above + y * (below - above);
            }
        }
    }
}
