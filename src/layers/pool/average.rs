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

use super::Places;
use crate::arguments::NotGiven;
use crate::check::Check;
use crate::kernel::pool::{Windows, mean, mean_backward};
use crate::kernel::{Real, parallel};
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::shape::{Columns, ColumnsMut, Dimension, Image, Or, Shape};
use typenum::{U0, Unsigned};

crate::layer! {
    /// The mean of each window of `Kernel x Kernel`: `AvgPool<2>`.
    ///
    /// Keyed arguments: `stride` (as large as the window) and `pad` (0).
    pub struct AvgPool<Kernel; stride: Stride = NotGiven, pad: Pad = U0>;
}

impl<In: Shape, K: Dimension, S: Or<K> + 'static, P: Dimension> Layer<In> for AvgPool<K, S, P> {
    type Out = Image<In::Channels, Places<In::Height, K, S, P>, Places<In::Width, K, S, P>>;
    type Params<T: Real> = ();
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = ();

    const CHECK: Check = super::check::<In>("AvgPool", K::USIZE, S::Is::USIZE, P::USIZE);
    const OPERATIONS: usize = <Self::Out as Shape>::SIZE * K::USIZE * K::USIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(
        _: &(),
        _: &(),
        _: &mut (),
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, Self::Out, T>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
        let windows = const { &Windows::new(In::DIMS, K::USIZE, S::Is::USIZE, P::USIZE) };
        let (size, cost) = (<Self::Out as Shape>::SIZE.max(1), x.numbers().len());
        parallel::for_each_chunk(y.as_mut_slice(), size, cost, |i, y| {
            let x = &x.numbers()[i * In::SIZE..][..In::SIZE];
            mean(windows, y, x);
        });
    }

    fn backward<T: Real>(
        _: &(),
        _: &mut (),
        pass: Backward<'_, In, Self::Out, T>,
        _: &mut (),
        _: &mut Context<'_, T>,
    ) {
        let Some(dx) = pass.dx else { return };
        let windows = const { &Windows::new(In::DIMS, K::USIZE, S::Is::USIZE, P::USIZE) };
        let (size, dy) = (<Self::Out as Shape>::SIZE, pass.dy.as_slice());
        let cost = dx.as_slice().len();
        parallel::for_each_chunk(dx.into_slice(), In::SIZE, cost, |i, dx| {
            mean_backward(windows, dx, &dy[i * size..][..size]);
        });
    }
}
