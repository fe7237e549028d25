//! Pools: layers that make one pixel of a window of pixels, channel by channel.

mod average;
mod global;
mod max;

pub use average::AvgPool;
pub use global::GlobalAvgPool;
pub use max::{MaxPool, MaxPoolTape};

use super::window::{Or, Slide, slides, takes_image};
use crate::kernel::pool::Windows;
use crate::shape::{Check, Image, Shape};
use typenum::{U1, Unsigned};

/// How a window slides, on both axes; by its own size where no stride is given.
type Window<Kernel, Stride, Pad> = (Kernel, <Stride as Or<Kernel>>::Is, Pad, U1);

/// What a pool with the window `W` makes of an image `In`.
type Pooled<In, W> = Image<
    <In as Shape>::Channels,
    <W as Slide>::Positions<<In as Shape>::Height>,
    <W as Slide>::Positions<<In as Shape>::Width>,
>;

/// Where the windows lie.
const fn windows<In: Shape, W: Slide>() -> Windows {
    Windows::new(In::DIMS, W::Kernel::USIZE, W::STRIDE, W::PAD)
}

/// Comparisons or additions for each sample.
const fn operations<In: Shape, W: Slide>() -> usize {
    <Pooled<In, W> as Shape>::SIZE * W::Kernel::USIZE * W::Kernel::USIZE
}

/// That a window can slide over `In`, with at least one pixel in each place.
const fn check<In: Shape, W: Slide>(layer: &'static str) -> Check {
    let ([_, height, width], kernel) = (In::DIMS, W::Kernel::USIZE);
    takes_image::<In>(layer)
        .and(
            Check::require(
                W::PAD < kernel || kernel == 0,
                "padding of {} is as large as the {}x{} window, which would see nothing but padding",
            )
            .number(W::PAD)
            .number(kernel)
            .number(kernel),
        )
        .and(slides::<W, W>("window", [height, width]))
}
