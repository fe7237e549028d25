//! A pool that takes the mean of a window of a sequence.
//!
//! ```text
//! forward   y[c, i] = sum over k of x[c, S i + k - P] / N
//! backward  dx[c, m] = sum of dy[c, i] / N over the places that saw x[c, m]
//! ```
//!
//! with stride `S` and padding `P` before (and `Q` after). Padding is 0 and counts, so that `N` is the
//! length of the window; with `count_pad = 0` it does not, and `N` is how many steps there are. What
//! hangs over the padding, with `ceil`, never counts.
//!
//! Shapes: a sequence of length `L` is an image one pixel high. `x` is `Image<C, 1, L>`; `y` is
//! `Image<C, 1, L'>` with `L' = (L + P + Q - K) / S + 1`, rounded down (or up, with `ceil`).

use super::average::{backward, counts, forward};
use super::{Pool, Pooled};
use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, Nonlinearity, NotGiven};
use crate::layers::window::{Optional, Still, takes_sequence};
use crate::shape::{Check, Dimension, Shape};
use typenum::{U0, U1};

crate::layer! {
    /// The mean of each window of `Kernel` steps of a sequence, which is an image one pixel high:
    /// `AvgPool1d<2>`.
    ///
    /// Keyed arguments: `stride` (as long as the window), `pad` (0), `pad_left` and `pad_right` for
    /// padding on one side (as large as `pad`), `same` (0; 1 for the padding that leaves a step for
    /// each stride), `ceil` (0; 1 for a window of their own for the steps that are left over) and
    /// `count_pad` (1; 0 for the mean of steps only).
    pub struct AvgPool1d<
        Kernel;
        stride: Stride = NotGiven,
        pad: Pad = U0,
        pad_left: PadLeft = NotGiven,
        pad_right: PadRight = NotGiven,
        same: Same = U0,
        ceil: Ceil = U0,
        count_pad: CountPad = U1
    >;
}

impl<K, S, P, Pl, Pr, Same, Ceil, C> Pool for AvgPool1d<K, S, P, Pl, Pr, Same, Ceil, C>
where
    K: Dimension,
    S: Optional,
    P: Dimension,
    Pl: Optional,
    Pr: Optional,
    Same: Dimension,
    Ceil: Dimension,
    C: 'static,
{
    type Down = Still;
    type Across = (K, S::Or<K>, (Pl::Or<P>, Pr::Or<P>), U1, Same, Ceil);
}

impl<In: Shape, K, S, P, Pl, Pr, Same, Ceil, C: Dimension> Layer<In>
    for AvgPool1d<K, S, P, Pl, Pr, Same, Ceil, C>
where
    Self: Pool,
{
    type Out = Pooled<Self, In>;
    crate::keeps! {}

    const CHECK: Check =
        takes_sequence::<In>("AvgPool1d").and(super::check::<Self, In>()).and(counts::<C>());
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
