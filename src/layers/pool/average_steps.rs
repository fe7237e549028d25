//! A pool over time that takes the mean of several steps.
//!
//! ```text
//! forward   y[i] = sum over k of x[K i + k] / K
//! backward  dx[K i + k] = dy[i] / K
//! ```
//!
//! Shapes: any, kept; time is columns, and of every `K` steps one comes out.

use super::window_of_steps;
use crate::kernel::{Real, elementwise};
use crate::layer::{Backward, Forward, Layer, Nonlinearity, Steps};
use crate::shape::{Check, Dimension, Shape};

crate::layer! {
    /// The mean of every `Kernel` steps, one after the other: `AvgPoolSteps<2>` leaves half of the steps.
    /// A call takes a multiple of `Kernel` steps.
    ///
    /// [`MeanSteps`](crate::layers::MeanSteps) is the mean of all steps; along a sequence that is one
    /// sample goes [`AvgPool1d`](crate::layers::AvgPool1d).
    pub struct AvgPoolSteps<Kernel>;
}

impl<In: Shape, K: Dimension> Layer<In> for AvgPoolSteps<K> {
    type Out = In;
    crate::keeps! {}

    const CHECK: Check = window_of_steps::<K>();
    const OPERATIONS: usize = In::SIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;
    const STEPS: Steps = Steps::Rate { takes: K::USIZE, gives: 1 };
    const LOOKS_BACK: usize = K::USIZE.saturating_sub(1);

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, cx, .. } = pass;
        let step = (cx.lanes.min(x.ncols()) * In::SIZE).max(1);
        let windows = x.as_slice().chunks_exact(K::USIZE * step);
        for (y, window) in y.as_mut_slice().chunks_exact_mut(step).zip(windows) {
            y.copy_from_slice(&window[..step]);
            window.chunks_exact(step).skip(1).for_each(|x| elementwise::add(y, x));
            elementwise::scale(y, share::<K, T>());
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), cx, .. } = pass else { return };
        let step = (cx.lanes.min(dx.ncols()) * In::SIZE).max(1);
        let windows = dx.as_mut_slice().chunks_exact_mut(K::USIZE * step);
        for (window, dy) in windows.zip(dy.as_slice().chunks_exact(step)) {
            for dx in window.chunks_exact_mut(step) {
                elementwise::map_into(dx, dy, |dy| dy * share::<K, T>());
            }
        }
    }
}

/// One over the number of steps.
fn share<K: Dimension, T: Real>() -> T {
    T::ONE / T::of(K::USIZE as f64)
}
