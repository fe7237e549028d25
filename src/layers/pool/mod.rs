//! Pools: layers that make one pixel of a window of pixels, channel by channel.

mod adaptive;
mod average;
mod average1d;
mod average_steps;
mod global;
mod global_max;
mod max;
mod max1d;
mod max_steps;

pub use adaptive::AdaptiveAvgPool;
pub use average::AvgPool;
pub use average_steps::AvgPoolSteps;
pub use average1d::AvgPool1d;
pub use global::GlobalAvgPool;
pub use global_max::{GlobalMaxPool, GlobalMaxPoolTape};
pub use max::{MaxPool, MaxPoolTape};
pub use max_steps::{MaxPoolSteps, MaxPoolStepsTape};
pub use max1d::MaxPool1d;

use super::window::{Slide, axis, pads, slides};
use crate::kernel::pool::Windows;
use crate::shape::{Check, Dimension, Image, Shape};
use typenum::Unsigned;

/// The arguments of a pool, bundled.
pub trait Pool: 'static {
    /// How its windows slide over rows.
    type Down: Slide;
    /// How they slide over columns.
    type Across: Slide;
}

/// What a pool makes of an image `In`.
type Pooled<L, In> = Image<
    <In as Shape>::Channels,
    <<L as Pool>::Down as Slide>::Positions<<In as Shape>::Height>,
    <<L as Pool>::Across as Slide>::Positions<<In as Shape>::Width>,
>;

/// That a window of steps has some.
const fn window_of_steps<K: Dimension>() -> Check {
    Check::require(K::USIZE > 0, "a window of 0 steps covers nothing")
}

/// Where the windows lie.
const fn windows<L: Pool, In: Shape>() -> Windows {
    let [channels, height, width] = In::DIMS;
    Windows::new(channels, axis::<L::Down>(height), axis::<L::Across>(width))
}

/// Pixels of a window.
const fn pixels<L: Pool>() -> usize {
    <L::Down as Slide>::Kernel::USIZE.saturating_mul(<L::Across as Slide>::Kernel::USIZE)
}

/// Comparisons or additions for each sample.
const fn operations<L: Pool, In: Shape>() -> usize {
    <Pooled<L, In> as Shape>::SIZE.saturating_mul(pixels::<L>())
}

/// That a window can slide over `In`, with at least one pixel in each place.
const fn check<L: Pool, In: Shape>() -> Check {
    let [_, height, width] = In::DIMS;
    sees::<L, L::Down>(height)
        .and(sees::<L, L::Across>(width))
        .and(slides::<L::Down, L::Across>("window", [height, width]))
        .and(meets::<L::Down>(height))
        .and(meets::<L::Across>(width))
}

/// That the padding of an axis is less than the window.
const fn sees<L: Pool, S: Slide>(size: usize) -> Check {
    let kernel = [<L::Down as Slide>::Kernel::USIZE, <L::Across as Slide>::Kernel::USIZE];
    let [before, after] = pads::<S>(size);
    let pad = if before > after { before } else { after };
    let reach = S::DILATION * S::Kernel::USIZE.saturating_sub(1);
    Check::require(
        pad <= reach || S::Kernel::USIZE == 0 || S::DILATION == 0,
        "padding of {} is as large as the {}x{} window, which would see nothing but padding",
    )
    .number(pad)
    .number(kernel[0])
    .number(kernel[1])
}

/// That a window on the border cannot have the image between its taps.
const fn meets<S: Slide>(size: usize) -> Check {
    let [before, after] = pads::<S>(size);
    Check::require(
        S::DILATION <= size || before + after == 0,
        "a dilation of {} is more than its {} pixels: with padding, a window would see none of them",
    )
    .number(S::DILATION)
    .number(size)
}
