//! A pool that keeps the largest pixel of a window.
//!
//! ```text
//! forward   y[c, i, j] = max over k, l of x[c, S i + D k - P, S j + D l - P]
//! backward  dx[c, m, n] = sum of dy[c, i, j] over the places where x[c, m, n] was the largest
//! ```
//!
//! with stride `S`, padding `P` before (and `Q` after) and dilation `D`, which may differ down and
//! across; padding is never the largest. Of equal pixels the first counts.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<C, H', W'>` with
//! `H' = (H + P + Q - (D (K - 1) + 1)) / S + 1`, rounded down (or up, with `ceil`), and `W'` alike.

use super::{Pool, Pooled, pixels, windows};
use crate::kernel::pool::{LARGEST, max, max_backward};
use crate::kernel::{
    Real,
    parallel::{self, Chunks},
};
use crate::layer::{Backward, Forward, Fusion, Layer, Memory, Nonlinearity, NotGiven, Tape};
use crate::layers::window::{Optional, Slide, takes_image};
use crate::shape::{Check, Dimension, Shape};
use alloc::boxed::Box;
use core::marker::PhantomData;
use typenum::{U0, U1, Unsigned};

crate::layer! {
    /// The largest pixel of each window of `Kernel x Kernel`: `MaxPool<2>`.
    ///
    /// Keyed arguments: `stride` (as large as the window), `pad` (0) and `dilation` (1). For what is
    /// not square `kernel_width`, `stride_width`, `pad_width` and `dilation_width` go across, while
    /// those without the ending then go down; for padding on one side there are `pad_top`,
    /// `pad_bottom`, `pad_left` and `pad_right`. With `same = 1` (0) the padding is such that each
    /// stride gives a pixel; with `ceil = 1` (0) pixels that are left over at the end have a window of
    /// their own.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Halve: Image<3, 28, 28> => Image<3, 14, 14> { MaxPool<3, stride = 2, pad = 1> }
    /// }
    /// assert_eq!(Halve::PARAMETERS, 0);
    /// ```
    pub struct MaxPool<
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
        dilation: Dilation = U1,
        dilation_width: DilationWidth = NotGiven
    >;
}

impl<K, S, P, Kw, Sw, Pw, Pt, Pb, Pl, Pr, Same, Ceil, D, Dw> Pool
    for MaxPool<K, S, P, Kw, Sw, Pw, Pt, Pb, Pl, Pr, Same, Ceil, D, Dw>
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
    D: Dimension,
    Dw: Optional,
{
    type Down = (K, S::Or<K>, (Pt::Or<P>, Pb::Or<P>), D, Same, Ceil);
    type Across = (
        Kw::Or<K>,
        Sw::Or<S::Or<Kw::Or<K>>>,
        (Pl::Or<Pw::Or<P>>, Pr::Or<Pw::Or<P>>),
        Dw::Or<D>,
        Same,
        Ceil,
    );
}

/// Which pixel of its window was the largest, for each output; none where no gradient gets through.
pub struct MaxPoolTape<Out> {
    largest: Box<[u8]>,
    shape: PhantomData<Out>,
}

impl<Out: Shape> Tape for MaxPoolTape<Out> {
    const MEMORY: Memory = Memory::bytes_per_column(Out::SIZE);
    const INFERENCE: Memory = Memory::NONE;

    fn new(columns: usize, _: usize, training: bool) -> Self {
        let len = if training { Out::SIZE * columns } else { 0 };
        Self { largest: alloc::vec![0; len].into(), shape: PhantomData }
    }
}

/// Whatever the number of axes, the data is at hand for a rectifier before.
pub(super) const FUSION: Fusion = Fusion { masks: true, ..Fusion::NONE };

impl<In: Shape, K, S, P, Kw, Sw, Pw, Pt, Pb, Pl, Pr, Same, Ceil, D, Dw> Layer<In>
    for MaxPool<K, S, P, Kw, Sw, Pw, Pt, Pb, Pl, Pr, Same, Ceil, D, Dw>
where
    Self: Pool,
{
    type Out = Pooled<Self, In>;
    crate::keeps! { tape: MaxPoolTape<Self::Out> }

    const CHECK: Check =
        takes_image::<In>("MaxPool").and(super::check::<Self, In>()).and(is_small::<Self>());
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

/// That the pixels of a window can be told apart.
pub(super) const fn is_small<L: Pool>() -> Check {
    Check::require(
        pixels::<L>() <= LARGEST,
        "a window of {}x{} is too large: it has {} pixels, and must have at most {}",
    )
    .number(<L::Down as Slide>::Kernel::USIZE)
    .number(<L::Across as Slide>::Kernel::USIZE)
    .number(pixels::<L>())
    .number(LARGEST)
}

/// The largest pixels; with `mask` as if a rectifier went before.
pub(super) fn forward<L: Pool, In: Shape, T: Real>(
    x: &[T],
    y: &mut [T],
    tape: Option<&mut MaxPoolTape<Pooled<L, In>>>,
    mask: bool,
) {
    let windows = const { &windows::<L, In>() };
    let (size, n) = (<Pooled<L, In> as Shape>::SIZE, x.len() / In::SIZE);
    let kept = if tape.is_some() { size } else { 0 };
    let largest = tape.map_or(&mut [][..], |tape| &mut tape.largest);
    let samples = (Chunks(y, size), Chunks(largest, kept));
    parallel::for_each_share(n, n * In::SIZE / 8, samples, |i, (y, largest)| {
        max(windows, y, largest, &x[i * In::SIZE..][..In::SIZE], mask);
    });
}

/// The gradient of [`forward`].
pub(super) fn backward<L: Pool, In: Shape, T: Real>(
    dy: &[T],
    dx: &mut [T],
    tape: &MaxPoolTape<Pooled<L, In>>,
) {
    let windows = const { &windows::<L, In>() };
    let (size, cost) = (<Pooled<L, In> as Shape>::SIZE, dx.len() / 8);
    parallel::for_each_chunk(dx, In::SIZE, cost, |i, dx| {
        let (dy, largest) = (&dy[i * size..][..size], &tape.largest[i * size..][..size]);
        max_backward(windows, dx, largest, dy);
    });
}
