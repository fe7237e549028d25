//! A pool that keeps the largest step of a window of a sequence.
//!
//! ```text
//! forward   y[c, i] = max over k of x[c, S i + D k - P]
//! backward  dx[c, m] = sum of dy[c, i] over the places where x[c, m] was the largest
//! ```
//!
//! with stride `S`, padding `P` before (and `Q` after) and dilation `D`; padding is never the largest.
//! Of equal steps the first counts.
//!
//! Shapes: a sequence of length `L` is an image one pixel high. `x` is `Image<C, 1, L>`; `y` is
//! `Image<C, 1, L'>` with `L' = (L + P + Q - (D (K - 1) + 1)) / S + 1`, rounded down (or up, with
//! `ceil`).

use super::max::{FUSION, backward, forward, is_small};
use super::{MaxPoolTape, Pool, Pooled};
use crate::kernel::Real;
use crate::layer::{Backward, Forward, Fusion, Layer, Nonlinearity, NotGiven};
use crate::layers::window::{Optional, Still, takes_sequence};
use crate::shape::{Check, Dimension, Shape};
use typenum::{U0, U1};

crate::layer! {
    /// The largest step of each window of `Kernel` steps of a sequence, which is an image one pixel
    /// high: `MaxPool1d<2>`.
    ///
    /// Keyed arguments: `stride` (as long as the window), `pad` (0), `dilation` (1), `pad_left` and
    /// `pad_right` for padding on one side (as large as `pad`), `same` (0; 1 for the padding that
    /// leaves a step for each stride), and `ceil` (0; 1 for a window of their own for the steps that
    /// are left over).
    pub struct MaxPool1d<
        Kernel;
        stride: Stride = NotGiven,
        pad: Pad = U0,
        dilation: Dilation = U1,
        pad_left: PadLeft = NotGiven,
        pad_right: PadRight = NotGiven,
        same: Same = U0,
        ceil: Ceil = U0
    >;
}

impl<K, S, P, D, Pl, Pr, Same, Ceil> Pool for MaxPool1d<K, S, P, D, Pl, Pr, Same, Ceil>
where
    K: Dimension,
    S: Optional,
    P: Dimension,
    D: Dimension,
    Pl: Optional,
    Pr: Optional,
    Same: Dimension,
    Ceil: Dimension,
{
    type Down = Still;
    type Across = (K, S::Or<K>, (Pl::Or<P>, Pr::Or<P>), D, Same, Ceil);
}

impl<In: Shape, K, S, P, D, Pl, Pr, Same, Ceil> Layer<In>
    for MaxPool1d<K, S, P, D, Pl, Pr, Same, Ceil>
where
    Self: Pool,
{
    type Out = Pooled<Self, In>;
    crate::keeps! { tape: MaxPoolTape<Self::Out> }

    const CHECK: Check =
        takes_sequence::<In>("MaxPool1d").and(super::check::<Self, In>()).and(is_small::<Self>());
    const OPERATIONS: usize = super::operations::<Self, In>();
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;
    const FUSION: Fusion = FUSION;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, tape, cx, .. } = pass;
        let tape = cx.is_training().then_some(tape);
        forward::<Self, In, T>(x.as_slice(), y.as_mut_slice(), tape, cx.fused.before);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), tape, .. } = pass else { return };
        backward::<Self, In, T>(dy.as_slice(), dx.as_mut_slice(), tape);
    }
}
