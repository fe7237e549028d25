//! The largest pixel of each feature map.
//!
//! ```text
//! forward   y[c] = max over i, j of x[c, i, j]
//! backward  dx[c, i, j] = dy[c] where x[c, i, j] was the largest, else 0
//! ```
//!
//! What is not a number is larger than all others; of equal pixels the first counts.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Vector<C>`.

use crate::kernel::{
    Real,
    parallel::{self, Chunks},
};
use crate::layer::{Backward, Forward, Layer, Memory, Nonlinearity, Tape};
use crate::layers::window::takes_image;
use crate::shape::{Check, Shape, Vector};
use alloc::boxed::Box;
use core::marker::PhantomData;

crate::layer! {
    /// The largest pixel of each feature map, as a vector.
    pub struct GlobalMaxPool;
}

/// Which pixel of its feature map was the largest, for each channel.
pub struct GlobalMaxPoolTape<In> {
    largest: Box<[usize]>,
    shape: PhantomData<In>,
}

impl<In: Shape> Tape for GlobalMaxPoolTape<In> {
    const MEMORY: Memory = Memory::bytes_per_column(In::DIMS[0] * size_of::<usize>());
    const INFERENCE: Memory = Memory::NONE;

    fn new(columns: usize, _: usize, training: bool) -> Self {
        let len = if training { In::DIMS[0] * columns } else { 0 };
        Self { largest: alloc::vec![0; len].into(), shape: PhantomData }
    }
}

impl<In: Shape> Layer<In> for GlobalMaxPool {
    type Out = Vector<In::Channels>;
    crate::keeps! { tape: GlobalMaxPoolTape<In> }

    const CHECK: Check = takes_image::<In>("GlobalMaxPool");
    const OPERATIONS: usize = In::SIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { x, mut y, tape, cx, .. } = pass;
        let (channels, n, x) = (In::DIMS[0], x.ncols(), x.as_slice());
        let kept = if cx.is_training() { channels } else { 0 };
        let samples = (Chunks(y.as_mut_slice(), channels), Chunks(&mut tape.largest, kept));
        parallel::for_each_share(n, x.len(), samples, |i, (y, largest)| {
            let x = &x[i * In::SIZE..][..In::SIZE];
            y.copy_from_slice(&x[..channels]);
            largest.fill(0);
            for (number, pixel) in x.chunks_exact(channels).enumerate().skip(1) {
                for (c, (y, &x)) in y.iter_mut().zip(pixel).enumerate() {
                    // What is not a number is the largest, and stays so.
                    if x > *y || (is_nan(x) && !is_nan(*y)) {
                        *y = x;
                        if let Some(largest) = largest.get_mut(c) {
                            *largest = number;
                        }
                    }
                }
            }
        });
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { dy, dx: Some(mut dx), tape, .. } = pass else { return };
        let (channels, dy, cost) = (In::DIMS[0], dy.as_slice(), dx.len() / 8);
        parallel::for_each_chunk(dx.as_mut_slice(), In::SIZE, cost, |i, dx| {
            dx.fill(T::ZERO);
            let (dy, largest) = (&dy[i * channels..], &tape.largest[i * channels..]);
            for (c, (&dy, pixel)) in dy.iter().zip(largest).enumerate().take(channels) {
                dx[pixel * channels + c] = dy;
            }
        });
    }
}

fn is_nan<T: Real>(x: T) -> bool {
    x.partial_cmp(&x).is_none()
}
