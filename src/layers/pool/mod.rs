//! Pools: layers that make one pixel of a window of pixels, channel by channel.

mod average;
mod global;
mod max;

pub use average::AvgPool;
pub use global::GlobalAvgPool;
pub use max::{MaxPool, MaxPoolTape};

use crate::check::Check;
use crate::shape::{Or, Positions, Shape, slides, takes_image};

/// A pool's output: a window of `Kernel x Kernel` has this many places on an axis.
type Places<Size, Kernel, Stride, Pad> =
    Positions<Size, Kernel, <Stride as Or<Kernel>>::Is, Pad, typenum::U1>;

/// That a window of `kernel x kernel` can slide over `In`, with at least one pixel in each place.
const fn check<In: Shape>(layer: &'static str, kernel: usize, stride: usize, pad: usize) -> Check {
    let [_, h, w] = In::DIMS;
    takes_image::<In>(layer)
        .and(
            Check::require(
                pad < kernel || kernel == 0,
                "padding of {} is as large as the {}x{} window, which would see nothing but padding",
            )
            .number(pad)
            .number(kernel)
            .number(kernel),
        )
        .and(slides("window", [h, w], [kernel; 2], [stride; 2], [pad; 2], [1; 2]))
}
