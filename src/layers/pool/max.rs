//! A pool that keeps the largest pixel of a window.
//!
//! ```text
//! forward   y[c, i, j] = max over k, l of x[c, S i + k - P, S j + l - P]
//! backward  dx[c, m, n] = sum of dy[c, i, j] over the places where x[c, m, n] was the largest
//! ```
//!
//! with stride `S` and padding `P`; padding is never the largest. Of equal pixels the first counts.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<C, H', W'>` with `H' = (H + 2 P - K) / S + 1`,
//! rounded down, and `W'` alike.

use super::{Pooled, Window, windows};
use crate::kernel::pool::{LARGEST, max, max_backward};
use crate::kernel::{
    Real,
    parallel::{self, Chunks},
};
use crate::layer::{Backward, Forward, Fusion, Layer, Memory, Nonlinearity, NotGiven, Tape};
use crate::layers::window::Or;
use crate::shape::{Check, Dimension, Shape};
use alloc::boxed::Box;
use core::marker::PhantomData;
use typenum::U0;

crate::layer! {
    /// The largest pixel of each window of `Kernel x Kernel`: `MaxPool<2>`.
    ///
    /// Keyed arguments: `stride` (as large as the window) and `pad` (0).
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Halve: Image<3, 28, 28> => Image<3, 14, 14> { MaxPool<3, stride = 2, pad = 1> }
    /// }
    /// assert_eq!(Halve::PARAMETERS, 0);
    /// ```
    pub struct MaxPool<Kernel; stride: Stride = NotGiven, pad: Pad = U0>;
}

/// Which pixel of its window was the largest, for each output; none where no gradient gets through.
pub struct MaxPoolTape<Out> {
    largest: Box<[u8]>,
    shape: PhantomData<Out>,
}

impl<Out: Shape> Tape for MaxPoolTape<Out> {
    const MEMORY: Memory = Memory::bytes_per_column(Out::SIZE);

    fn new(columns: usize, _: usize, training: bool) -> Self {
        let len = if training { Out::SIZE * columns } else { 0 };
        Self { largest: alloc::vec![0; len].into(), shape: PhantomData }
    }
}

impl<In: Shape, K: Dimension, S: Or<K> + 'static, P: Dimension> Layer<In> for MaxPool<K, S, P> {
    type Out = Pooled<In, Window<K, S, P>>;
    crate::keeps! { tape: MaxPoolTape<Self::Out> }

    const CHECK: Check = super::check::<In, Window<K, S, P>>("MaxPool").and(
        Check::require(K::USIZE <= LARGEST, "a window of {}x{} is too large: at most {}x{}")
            .number(K::USIZE)
            .number(K::USIZE)
            .number(LARGEST)
            .number(LARGEST),
    );
    const OPERATIONS: usize = super::operations::<In, Window<K, S, P>>();
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;
    const FUSION: Fusion = Fusion { masks: true, ..Fusion::NONE };

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, tape, cx, .. } = pass;
        let windows = const { &windows::<In, Window<K, S, P>>() };
        let (size, n, x) = (<Self::Out as Shape>::SIZE, x.ncols(), x.as_slice());
        let kept = if cx.is_training() { size } else { 0 };
        let mask = cx.fused.before;
        let samples = (Chunks(y.as_mut_slice(), size), Chunks(&mut tape.largest, kept));
        parallel::for_each_share(n, n * In::SIZE / 8, samples, |i, (y, largest)| {
            max(windows, y, largest, &x[i * In::SIZE..][..In::SIZE], mask);
        });
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), tape, .. } = pass else { return };
        let windows = const { &windows::<In, Window<K, S, P>>() };
        let (size, dy, cost) = (<Self::Out as Shape>::SIZE, dy.as_slice(), dx.len() / 8);
        parallel::for_each_chunk(dx.as_mut_slice(), In::SIZE, cost, |i, dx| {
            let (dy, largest) = (&dy[i * size..][..size], &tape.largest[i * size..][..size]);
            max_backward(windows, dx, largest, dy);
        });
    }
}
