//! Pools over images whose channels lie innermost: vectors run along channels.

use super::{
    dispatch::{Isa, Kernel, dispatch},
    scalar::Scalar,
    sizes::{product, sum},
    vector::{Select, Vector},
};
use core::ops::Range;

/// Where the windows of a pool lie: `kernel x kernel` pixels each, `stride` from one to the next,
/// over an image with a border of `pad` pixels.
#[derive(Clone, Copy, Debug)]
pub struct Windows {
    channels: usize,
    /// Rows and columns of the input, and of the output.
    size: [usize; 2],
    positions: [usize; 2],
    kernel: usize,
    stride: usize,
    pad: usize,
}

impl Windows {
    /// Windows over an image of `[channels, height, width]`. There are none where they do not fit,
    /// do not move, or could lie in the border alone.
    ///
    /// # Panics
    /// If the image with its border, or the output, is larger than memory can be.
    pub const fn new(image: [usize; 3], kernel: usize, stride: usize, pad: usize) -> Self {
        let [channels, height, width] = image;
        let padded = [sum(&[height, pad, pad]), sum(&[width, pad, pad])];
        let fits = padded[0] >= kernel && padded[1] >= kernel;
        let positions = if stride > 0 && pad < kernel && fits {
            [(padded[0] - kernel) / stride + 1, (padded[1] - kernel) / stride + 1]
        } else {
            [0; 2]
        };
        let windows = Self { channels, size: [height, width], positions, kernel, stride, pad };
        // What these give once they give always.
        let _ = (windows.input(), windows.output());
        windows
    }

    /// Scalars of an input.
    pub const fn input(&self) -> usize {
        product(&[self.channels, self.size[0], self.size[1]])
    }

    /// Scalars of an output.
    pub const fn output(&self) -> usize {
        product(&[self.channels, self.positions[0], self.positions[1]])
    }

    /// Whether the windows cover the image, each pixel once.
    const fn tile(&self) -> bool {
        let [rows, cols] = self.positions;
        let covered = rows * self.stride == self.size[0] && cols * self.stride == self.size[1];
        self.stride == self.kernel && self.pad == 0 && covered
    }

    /// Which rows (or, on axis 1, columns) of the window lie inside the image at position `at`.
    #[inline(always)]
    fn inside(&self, axis: usize, at: usize) -> Range<usize> {
        let first = at * self.stride;
        self.pad.saturating_sub(first)..self.kernel.min(self.size[axis] + self.pad - first)
    }

    /// Where the input's pixel `[k, l]` of the window at position `[i, j]` starts.
    #[inline(always)]
    fn pixel(&self, [i, j]: [usize; 2], [k, l]: [usize; 2]) -> usize {
        let (row, col) = (i * self.stride + k - self.pad, j * self.stride + l - self.pad);
        (row * self.size[1] + col) * self.channels
    }

    /// Where the output's pixel at position `[i, j]` starts.
    #[inline(always)]
    fn place(&self, [i, j]: [usize; 2]) -> usize {
        (i * self.positions[1] + j) * self.channels
    }
}

/// Stands for no pixel of a window.
pub const NONE: u8 = u8::MAX;

/// The largest windows of [`max`] have so many rows and columns, so that the number of a pixel, or
/// [`NONE`], fits a byte.
pub const LARGEST: usize = 15;

/// The largest pixel of each window of one sample, and, unless `largest` is empty, its number in
/// the window. What is not a number is larger than all others; of equal pixels the first counts.
///
/// With `mask`, a pixel that is not above 0 gets the number [`NONE`], and so no gradient, as if a
/// rectifier went before.
///
/// # Panics
/// When the lengths do not belong together, or a window is larger than [`LARGEST`].
pub fn max<T: Scalar>(windows: &Windows, y: &mut [T], largest: &mut [u8], x: &[T], mask: bool) {
    assert_eq!((x.len(), y.len()), (windows.input(), windows.output()), "a sample");
    assert!(largest.is_empty() || largest.len() == y.len(), "a number for each output");
    assert!(windows.kernel <= LARGEST, "a window of at most {LARGEST} x {LARGEST}");
    dispatch(Max { windows, y, largest, x, mask });
}

/// The gradient of [`max`].
///
/// # Panics
/// When the lengths do not belong together.
pub fn max_backward<T: Scalar>(windows: &Windows, dx: &mut [T], largest: &[u8], dy: &[T]) {
    assert_eq!((dx.len(), dy.len()), (windows.input(), windows.output()), "a sample");
    assert_eq!(largest.len(), dy.len(), "a number for each output");
    dispatch(MaxBackward { windows, dx, largest, dy });
}

/// The mean of each window of one sample; the border is zero and counts.
///
/// # Panics
/// When the lengths do not belong together.
pub fn mean<T: Scalar>(windows: &Windows, y: &mut [T], x: &[T]) {
    assert_eq!((x.len(), y.len()), (windows.input(), windows.output()), "a sample");
    dispatch(Mean { windows, y, x });
}

/// The gradient of [`mean`].
///
/// # Panics
/// When the lengths do not belong together.
pub fn mean_backward<T: Scalar>(windows: &Windows, dx: &mut [T], dy: &[T]) {
    assert_eq!((dx.len(), dy.len()), (windows.input(), windows.output()), "a sample");
    dispatch(MeanBackward { windows, dx, dy });
}

struct Max<'a, T> {
    windows: &'a Windows,
    y: &'a mut [T],
    largest: &'a mut [u8],
    x: &'a [T],
    mask: bool,
}

// No closures below: one that is not inlined would not be compiled for the instruction set.

impl<T: Scalar> Kernel for Max<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { windows: w, y, largest, x, mask } = self;
        // SAFETY: the token of type `I` was given; runs of `n` channels lie inside a pixel, and pixels
        // inside the slices, whose lengths were checked.
        unsafe {
            let lowest = T::Vector::<I>::splat(T::of(f64::NEG_INFINITY));
            let zero = T::Vector::<I>::splat(T::ZERO);
            let none = T::Vector::<I>::splat(T::of(f64::from(NONE)));
            for i in 0..w.positions[0] {
                for j in 0..w.positions[1] {
                    let mut start = 0;
                    while start < w.channels {
                        let n = T::Vector::<I>::LANES.min(w.channels - start);
                        let at = w.place([i, j]) + start;
                        let mut best = lowest;
                        // The first, unless another is larger: all may be negative infinity.
                        let first = (w.inside(0, i).start * w.kernel + w.inside(1, j).start) as f64;
                        let mut which = T::Vector::<I>::splat(T::of(first));
                        for k in w.inside(0, i) {
                            for l in w.inside(1, j) {
                                let from = w.pixel([i, j], [k, l]) + start;
                                let x = T::Vector::<I>::load_first(x.as_ptr().add(from), n);
                                let number = T::of((k * w.kernel + l) as f64);
                                let number = T::Vector::<I>::splat(number);
                                which = Select::if_larger(x, best, number, which);
                                best = Select::if_larger(x, best, x, best);
                            }
                        }
                        best.store_first(y.as_mut_ptr().add(at), n);
                        if !largest.is_empty() {
                            if mask {
                                which = Select::if_larger(best, zero, which, none);
                            }
                            which.store_numbers(largest.as_mut_ptr().add(at), n);
                        }
                        start += n;
                    }
                }
            }
        }
    }
}

struct MaxBackward<'a, T> {
    windows: &'a Windows,
    dx: &'a mut [T],
    largest: &'a [u8],
    dy: &'a [T],
}

impl<T: Scalar> Kernel for MaxBackward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { windows: w, dx, largest, dy } = self;
        let tile = w.tile();
        if !tile {
            dx.fill(T::ZERO);
        }
        for i in 0..w.positions[0] {
            for j in 0..w.positions[1] {
                let mut start = 0;
                while start < w.channels {
                    let n = T::Vector::<I>::LANES.min(w.channels - start);
                    let at = w.place([i, j]) + start;
                    // SAFETY: as in `Max`.
                    unsafe {
                        let zero = T::Vector::<I>::splat(T::ZERO);
                        let dy = T::Vector::<I>::load_first(dy.as_ptr().add(at), n);
                        let which =
                            <T::Vector<I> as Select>::load_numbers(largest.as_ptr().add(at), n);
                        for k in w.inside(0, i) {
                            for l in w.inside(1, j) {
                                let to = dx.as_mut_ptr().add(w.pixel([i, j], [k, l]) + start);
                                let number = T::of((k * w.kernel + l) as f64);
                                let number = T::Vector::<I>::splat(number);
                                let share = Select::if_equal(which, number, dy, zero);
                                if tile {
                                    share.store_first(to, n);
                                } else {
                                    let sum = T::Vector::<I>::load_first(to, n).add(share);
                                    sum.store_first(to, n);
                                }
                            }
                        }
                    }
                    start += n;
                }
            }
        }
    }
}

struct Mean<'a, T> {
    windows: &'a Windows,
    y: &'a mut [T],
    x: &'a [T],
}

impl<T: Scalar> Kernel for Mean<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { windows: w, y, x } = self;
        let share = T::of(1.0 / (w.kernel as f64 * w.kernel as f64));
        y.fill(T::ZERO);
        for i in 0..w.positions[0] {
            for j in 0..w.positions[1] {
                let y = &mut y[w.place([i, j])..][..w.channels];
                for k in w.inside(0, i) {
                    for l in w.inside(1, j) {
                        let x = &x[w.pixel([i, j], [k, l])..][..w.channels];
                        for c in 0..w.channels {
                            y[c] += share * x[c];
                        }
                    }
                }
            }
        }
    }
}

struct MeanBackward<'a, T> {
    windows: &'a Windows,
    dx: &'a mut [T],
    dy: &'a [T],
}

impl<T: Scalar> Kernel for MeanBackward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { windows: w, dx, dy } = self;
        let share = T::of(1.0 / (w.kernel as f64 * w.kernel as f64));
        dx.fill(T::ZERO);
        for i in 0..w.positions[0] {
            for j in 0..w.positions[1] {
                let dy = &dy[w.place([i, j])..][..w.channels];
                for k in w.inside(0, i) {
                    for l in w.inside(1, j) {
                        let dx = &mut dx[w.pixel([i, j], [k, l])..][..w.channels];
                        for c in 0..w.channels {
                            dx[c] += share * dy[c];
                        }
                    }
                }
            }
        }
    }
}
