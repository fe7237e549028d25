//! A pool that takes the mean of a window.
//!
//! ```text
//! forward   y[c, i, j] = sum over k, l of x[c, S i + k - P, S j + l - P] / N
//! backward  dx[c, m, n] = sum of dy[c, i, j] / N over the places that saw x[c, m, n]
//! ```
//!
//! with stride `S` and padding `P` before (and `Q` after), which may differ down and across. Padding is
//! 0 and counts, so that `N` is the size of the window; with `count_pad = 0` it does not, and `N` is
//! how many pixels there are. What hangs over the padding, with `ceil`, never counts.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<C, H', W'>` with `H' = (H + P + Q - K) / S + 1`,
//! rounded down (or up, with `ceil`), and `W'` alike.

use super::{Pool, Pooled, windows};
use crate::kernel::pool::{mean, mean_backward};
use crate::kernel::{Real, parallel};
use crate::layer::{Backward, Forward, Layer, Nonlinearity, NotGiven};
use crate::layers::window::{Optional, takes_image};
use crate::shape::{Check, Dimension, Shape};
use typenum::{U0, U1};

crate::layer! {
    /// The mean of each window of `Kernel x Kernel`: `AvgPool<2>`.
    ///
    /// Keyed arguments: `stride` (as large as the window) and `pad` (0). For what is not square
    /// `kernel_width`, `stride_width` and `pad_width` go across, while those without the ending then go
    /// down; for padding on one side there are `pad_top`, `pad_bottom`, `pad_left` and `pad_right`.
    /// With `same = 1` (0) the padding is such that each stride gives a pixel; with `ceil = 1` (0)
    /// pixels that are left over at the end have a window of their own. With `count_pad = 0` (1) the
    /// mean is of pixels only.
    pub struct AvgPool<
        Kernel;
        stride: Stride = NotGiven,
        pad: Pad = U0,
        kernel_width: KernelWidth = NotGiven,
        stride_width: StrideWidth = NotGiven,
        pad_width: PadWidth = NotGiven,
        pad_top: PadTop = NotGiven,
        pad_bottom: PadBottom = NotGiven,
        pad_left: PadLeft = NotGiven,
        pad_right: PadRight = NotGiven,
        same: Same = U0,
        ceil: Ceil = U0,
        count_pad: CountPad = U1
    >;
}

impl<K, S, P, Kw, Sw, Pw, Pt, Pb, Pl, Pr, Same, Ceil, C> Pool
    for AvgPool<K, S, P, Kw, Sw, Pw, Pt, Pb, Pl, Pr, Same, Ceil, C>
where
    K: Dimension,
    S: Optional,
    P: Dimension,
    Kw: Optional,
    Sw: Optional,
    Pw: Optional,
    Pt: Optional,
    Pb: Optional,
    Pl: Optional,
    Pr: Optional,
    Same: Dimension,
    Ceil: Dimension,
    C: 'static,
{
    type Down = (K, S::Or<K>, (Pt::Or<P>, Pb::Or<P>), U1, Same, Ceil);
    type Across = (
        Kw::Or<K>,
        Sw::Or<S::Or<Kw::Or<K>>>,
        (Pl::Or<Pw::Or<P>>, Pr::Or<Pw::Or<P>>),
        U1,
        Same,
        Ceil,
    );
}

impl<In: Shape, K, S, P, Kw, Sw, Pw, Pt, Pb, Pl, Pr, Same, Ceil, C: Dimension> Layer<In>
    for AvgPool<K, S, P, Kw, Sw, Pw, Pt, Pb, Pl, Pr, Same, Ceil, C>
where
    Self: Pool,
{
    type Out = Pooled<Self, In>;
    crate::keeps! {}

    const CHECK: Check =
        takes_image::<In>("AvgPool").and(super::check::<Self, In>()).and(counts::<C>());
    const OPERATIONS: usize = super::operations::<Self, In>();
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, .. } = pass;
        forward::<Self, In, T>(x.as_slice(), y.as_mut_slice(), C::USIZE > 0);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), .. } = pass else { return };
        backward::<Self, In, T>(dy.as_slice(), dx.as_mut_slice(), C::USIZE > 0);
    }
}

/// That `count_pad` says yes or no.
pub(super) const fn counts<C: Dimension>() -> Check {
    let template = "`count_pad` is 1 for padding that counts or 0, but is {}";
    Check::require(C::USIZE <= 1, template).number(C::USIZE)
}

/// The means of windows, in which the border may count.
pub(super) fn forward<L: Pool, In: Shape, T: Real>(x: &[T], y: &mut [T], border: bool) {
    let windows = const { &windows::<L, In>() };
    parallel::for_each_chunk(y, <Pooled<L, In> as Shape>::SIZE.max(1), x.len(), |i, y| {
        mean(windows, y, &x[i * In::SIZE..][..In::SIZE], border);
    });
}

/// The gradient of [`forward`].
pub(super) fn backward<L: Pool, In: Shape, T: Real>(dy: &[T], dx: &mut [T], border: bool) {
    let windows = const { &windows::<L, In>() };
    let (size, cost) = (<Pooled<L, In> as Shape>::SIZE, dx.len());
    parallel::for_each_chunk(dx, In::SIZE, cost, |i, dx| {
        mean_backward(windows, dx, &dy[i * size..][..size], border);
    });
}
