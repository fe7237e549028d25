//! The means of so many windows that cover an image, whatever its size.
//!
//! ```text
//! forward   y[c, i, j] = mean of x[c, m, n] over rows m and columns n of the window
//! backward  dx[c, m, n] = sum of dy[c, i, j] / pixels over the windows that have x[c, m, n]
//! ```
//!
//! where window `i` of `H'` has the rows from `i H / H'`, rounded down, to before `(i + 1) H / H'`,
//! rounded up: windows differ by one row at most, and overlap where the sizes do not divide.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<C, H', W'>`.

use crate::kernel::{Real, parallel};
use crate::layer::{Backward, Forward, Layer, Nonlinearity};
use crate::layers::window::takes_image;
use crate::shape::{Check, Dimension, Image, Shape};
use core::ops::Range;

crate::layer! {
    /// The means of `Height x Width` windows that cover the image: `AdaptiveAvgPool<7, 7>`.
    ///
    /// [`GlobalAvgPool`](crate::layers::GlobalAvgPool) is the one of a single window, and a vector.
    pub struct AdaptiveAvgPool<Height, Width>;
}

impl<In: Shape, H: Dimension, W: Dimension> Layer<In> for AdaptiveAvgPool<H, W> {
    type Out = Image<In::Channels, H, W>;
    crate::keeps! {}

    const CHECK: Check = takes_image::<In>("AdaptiveAvgPool").and(
        Check::require(H::USIZE > 0 && W::USIZE > 0, "{}x{} windows leave no image")
            .number(H::USIZE)
            .number(W::USIZE),
    );
    const OPERATIONS: usize = In::SIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        let (size, channels, x) = (<Self::Out as Shape>::SIZE, In::DIMS[0], x.as_slice());
        parallel::for_each_chunk(y.as_mut_slice(), size, x.len(), |i, y| {
            let x = &x[i * In::SIZE..][..In::SIZE];
            for (window, y) in
                windows::<In>(size / channels, W::USIZE).zip(y.chunks_exact_mut(channels))
            {
                y.fill(T::ZERO);
                let share = window.share::<T>();
                for pixel in window.pixels::<In>() {
                    let x = &x[pixel * channels..][..channels];
                    y.iter_mut().zip(x).for_each(|(y, &x)| *y += share * x);
                }
            }
        });
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), .. } = pass else { return };
        let (size, channels, dy) = (<Self::Out as Shape>::SIZE, In::DIMS[0], dy.as_slice());
        let cost = dx.len();
        parallel::for_each_chunk(dx.as_mut_slice(), In::SIZE, cost, |i, dx| {
            let dy = &dy[i * size..][..size];
            dx.fill(T::ZERO);
            for (window, dy) in
                windows::<In>(size / channels, W::USIZE).zip(dy.chunks_exact(channels))
            {
                let share = window.share::<T>();
                for pixel in window.pixels::<In>() {
                    let dx = &mut dx[pixel * channels..][..channels];
                    dx.iter_mut().zip(dy).for_each(|(dx, &dy)| *dx += share * dy);
                }
            }
        });
    }
}

/// The rows and columns of a window.
struct Window {
    rows: Range<usize>,
    columns: Range<usize>,
}

impl Window {
    /// What each pixel has of the mean.
    fn share<T: Real>(&self) -> T {
        T::of(1.0 / (self.rows.len() * self.columns.len()) as f64)
    }

    /// The numbers of the window's pixels.
    fn pixels<In: Shape>(&self) -> impl Iterator<Item = usize> {
        let columns = self.columns.clone();
        self.rows
            .clone()
            .flat_map(move |row| columns.clone().map(move |column| row * In::DIMS[2] + column))
    }
}

/// So many windows, `across` side by side.
fn windows<In: Shape>(count: usize, across: usize) -> impl Iterator<Item = Window> {
    let [_, height, width] = In::DIMS;
    let part = |i: usize, size: usize, of: usize| i * size / of..((i + 1) * size).div_ceil(of);
    (0..count).map(move |i| Window {
        rows: part(i / across, height, count / across),
        columns: part(i % across, width, across),
    })
}
