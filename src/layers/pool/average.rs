//! A pool that takes the mean of a window.
//!
//! ```text
//! forward   y[c, i, j] = sum over k, l of x[c, S i + k - P, S j + l - P] / K^2
//! backward  dx[c, m, n] = sum of dy[c, i, j] / K^2 over the places that saw x[c, m, n]
//! ```
//!
//! with stride `S` and padding `P`; padding is 0 and counts.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<C, H', W'>` with `H' = (H + 2 P - K) / S + 1`,
//! rounded down, and `W'` alike.

use super::{Pooled, Window, windows};
use crate::kernel::pool::{mean, mean_backward};
use crate::kernel::{Real, parallel};
use crate::layer::{Backward, Forward, Layer, Nonlinearity, NotGiven};
use crate::layers::window::Or;
use crate::shape::{Check, Dimension, Shape};
use typenum::U0;

crate::layer! {
    /// The mean of each window of `Kernel x Kernel`: `AvgPool<2>`.
    ///
    /// Keyed arguments: `stride` (as large as the window) and `pad` (0).
    pub struct AvgPool<Kernel; stride: Stride = NotGiven, pad: Pad = U0>;
}

impl<In: Shape, K: Dimension, S: Or<K> + 'static, P: Dimension> Layer<In> for AvgPool<K, S, P> {
    type Out = Pooled<In, Window<K, S, P>>;
    crate::keeps! {}

    const CHECK: Check = super::check::<In, Window<K, S, P>>("AvgPool");
    const OPERATIONS: usize = super::operations::<In, Window<K, S, P>>();
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        let windows = const { &windows::<In, Window<K, S, P>>() };
        let (size, x) = (<Self::Out as Shape>::SIZE.max(1), x.as_slice());
        parallel::for_each_chunk(y.as_mut_slice(), size, x.len(), |i, y| {
            mean(windows, y, &x[i * In::SIZE..][..In::SIZE]);
        });
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), .. } = pass else { return };
        let windows = const { &windows::<In, Window<K, S, P>>() };
        let (size, dy, cost) = (<Self::Out as Shape>::SIZE, dy.as_slice(), dx.len());
        parallel::for_each_chunk(dx.as_mut_slice(), In::SIZE, cost, |i, dx| {
            mean_backward(windows, dx, &dy[i * size..][..size]);
        });
    }
}
