//! A pool over time that keeps the largest of several steps.
//!
//! ```text
//! forward   y[i] = max over k of x[K i + k]
//! backward  dx[t] = dy[i] where x[t] was the largest, else 0
//! ```
//!
//! of each number by itself. What is not a number is larger than all others; of equal ones the first
//! counts.
//!
//! Shapes: any, kept; time is columns, and of every `K` steps one comes out.

use super::window_of_steps;
use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, Memory, Nonlinearity, Steps, Tape};
use crate::shape::{Check, Dimension, Shape};
use alloc::boxed::Box;
use core::marker::PhantomData;

crate::layer! {
    /// The largest of every `Kernel` steps, one after the other: `MaxPoolSteps<2>` leaves half of the
    /// steps. A call takes a multiple of `Kernel` steps.
    ///
    /// What a recurrent layer or a [`CausalConv1d`](crate::layers::CausalConv1d) gives are steps; along a
    /// sequence that is one sample goes [`MaxPool1d`](crate::layers::MaxPool1d).
    pub struct MaxPoolSteps<Kernel>;
}

/// Which step of its window was the largest, for each number.
pub struct MaxPoolStepsTape<In, K> {
    largest: Box<[u32]>,
    shape: PhantomData<(In, K)>,
}

impl<In: Shape, K: Dimension> Tape for MaxPoolStepsTape<In, K> {
    const MEMORY: Memory =
        Memory::bytes_per_column(size_of::<u32>() * In::SIZE).after(window::<K>());
    const INFERENCE: Memory = Memory::NONE;

    fn new(columns: usize, _: usize, training: bool) -> Self {
        let len = if training { In::SIZE * window::<K>().of(columns) } else { 0 };
        Self { largest: alloc::vec![0; len].into(), shape: PhantomData }
    }
}

const fn window<K: Dimension>() -> Steps {
    Steps::Rate { takes: K::USIZE, gives: 1 }
}

impl<In: Shape, K: Dimension> Layer<In> for MaxPoolSteps<K> {
    type Out = In;
    crate::keeps! { tape: MaxPoolStepsTape<In, K> }

    const CHECK: Check = window_of_steps::<K>();
    const OPERATIONS: usize = In::SIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;
    const STEPS: Steps = window::<K>();
    const LOOKS_BACK: usize = K::USIZE.saturating_sub(1);

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, tape, cx, .. } = pass;
        let step = (cx.lanes.min(x.ncols()) * In::SIZE).max(1);
        let windows = x.as_slice().chunks_exact(K::USIZE * step);
        let mut kept = tape.largest.chunks_exact_mut(step);
        for (y, window) in y.as_mut_slice().chunks_exact_mut(step).zip(windows) {
            y.copy_from_slice(&window[..step]);
            let largest = if cx.is_training() { kept.next() } else { None }.unwrap_or_default();
            largest.fill(0);
            for (number, x) in (0..).zip(window.chunks_exact(step)).skip(1) {
                for (i, (y, &x)) in y.iter_mut().zip(x).enumerate() {
                    // What is not a number is the largest, and stays so.
                    if x > *y || (is_nan(x) && !is_nan(*y)) {
                        *y = x;
                        if let Some(largest) = largest.get_mut(i) {
                            *largest = number;
                        }
                    }
                }
            }
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), tape, cx, .. } = pass else { return };
        let step = (cx.lanes.min(dx.ncols()) * In::SIZE).max(1);
        let kept = dy.as_slice().chunks_exact(step).zip(tape.largest.chunks_exact(step));
        let windows = dx.as_mut_slice().chunks_exact_mut(K::USIZE * step);
        for (window, (dy, largest)) in windows.zip(kept) {
            window.fill(T::ZERO);
            for (i, (&dy, &number)) in dy.iter().zip(largest).enumerate() {
                window[number as usize * step + i] = dy;
            }
        }
    }
}

fn is_nan<T: Real>(x: T) -> bool {
    x.partial_cmp(&x).is_none()
}
