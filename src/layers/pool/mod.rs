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

/// Where the windows lie, as constants.
#[derive(Clone, Copy)]
struct Windows {
    channels: usize,
    /// Of the input, and of the output.
    size: [usize; 2],
    positions: [usize; 2],
    kernel: usize,
    stride: usize,
    pad: usize,
}

impl Windows {
    const fn new<In: Shape, Out: Shape>(kernel: usize, stride: usize, pad: usize) -> Self {
        let ([channels, h, w], [_, rows, cols]) = (In::DIMS, Out::DIMS);
        Self { channels, size: [h, w], positions: [rows, cols], kernel, stride, pad }
    }

    /// Whether the windows cover the image, each pixel once.
    const fn tile(&self) -> bool {
        let [h, w] = self.size;
        let [rows, cols] = self.positions;
        self.stride == self.kernel
            && self.pad == 0
            && rows * self.stride == h
            && cols * self.stride == w
    }

    /// Calls `f` with each place of the window and its pixels inside the image. Meant to be inlined
    /// where all of it is constant.
    #[inline(always)]
    fn each(self, mut f: impl FnMut(usize, Pixels)) {
        for i in 0..self.positions[0] {
            for j in 0..self.positions[1] {
                f(i * self.positions[1] + j, Pixels { windows: self, corner: [i, j] });
            }
        }
    }
}

/// The pixels of a window in one place.
#[derive(Clone, Copy)]
struct Pixels {
    windows: Windows,
    corner: [usize; 2],
}

impl Pixels {
    /// Calls `f` with each pixel, and its number in the window.
    #[inline(always)]
    fn each(self, mut f: impl FnMut(usize, usize)) {
        let w = self.windows;
        let inside = |at: usize, size: usize| at >= w.pad && at - w.pad < size;
        for k in 0..w.kernel {
            let row = self.corner[0] * w.stride + k;
            if !inside(row, w.size[0]) {
                continue;
            }
            for l in 0..w.kernel {
                let col = self.corner[1] * w.stride + l;
                if inside(col, w.size[1]) {
                    f((row - w.pad) * w.size[1] + col - w.pad, k * w.kernel + l);
                }
            }
        }
    }
}

/// Calls `f` with the starts of runs of `N` channels which cover all of them; the last two may
/// overlap. There must be at least `N`.
#[inline(always)]
fn each_run<const N: usize>(channels: usize, mut f: impl FnMut(usize)) {
    let mut start = 0;
    while start + N <= channels {
        f(start);
        start += N;
    }
    if start < channels {
        f(channels - N);
    }
}

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
