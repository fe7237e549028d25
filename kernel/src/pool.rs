//! Pools over images whose channels lie innermost: vectors run along channels.

use super::{
    axis::Axis,
    dispatch::{Isa, Kernel, dispatch},
    scalar::Scalar,
    sizes::product,
    vector::{Select, Vector},
};

/// Where the windows of a pool lie, over an image with borders.
#[derive(Clone, Copy, Debug)]
pub struct Windows {
    channels: usize,
    vertical: Axis,
    horizontal: Axis,
}

impl Windows {
    /// Windows over an image of so many channels. There are none where they do not fit, do not move,
    /// or could lie in the border alone.
    ///
    /// # Panics
    /// If the image with its border, or the output, is larger than memory can be.
    pub const fn new(channels: usize, vertical: Axis, horizontal: Axis) -> Self {
        const fn seeing(axis: Axis) -> Axis {
            Axis { positions: if axis.sees() { axis.positions } else { 0 }, ..axis }
        }
        let windows = Self { channels, vertical: seeing(vertical), horizontal: seeing(horizontal) };
        // What these give once they give always.
        let _ = (windows.input(), windows.output(), windows.pixels());
        windows
    }

    /// Scalars of an input.
    pub const fn input(&self) -> usize {
        product(&[self.channels, self.vertical.size, self.horizontal.size])
    }

    /// Scalars of an output.
    pub const fn output(&self) -> usize {
        product(&[self.channels, self.vertical.positions, self.horizontal.positions])
    }

    /// Pixels of a window.
    const fn pixels(&self) -> usize {
        product(&[self.vertical.kernel, self.horizontal.kernel])
    }

    /// Whether the windows cover the image, each pixel once.
    const fn tile(&self) -> bool {
        const fn tiles(axis: &Axis) -> bool {
            axis.stride == axis.kernel
                && axis.dilation == 1
                && axis.before == 0
                && axis.after == 0
                && axis.positions * axis.stride == axis.size
        }
        tiles(&self.vertical) && tiles(&self.horizontal)
    }

    /// Where the input's pixel `[k, l]` of the window at position `[i, j]` starts.
    #[inline(always)]
    fn pixel(&self, [i, j]: [usize; 2], [k, l]: [usize; 2]) -> usize {
        let (row, col) = (self.vertical.pixel(i, k), self.horizontal.pixel(j, l));
        (row * self.horizontal.size + col) * self.channels
    }

    /// Where the output's pixel at position `[i, j]` starts.
    #[inline(always)]
    fn place(&self, [i, j]: [usize; 2]) -> usize {
        (i * self.horizontal.positions + j) * self.channels
    }
}

/// Stands for no pixel of a window.
pub const NONE: u8 = u8::MAX;

/// The largest windows of [`max`] have so many pixels, so that the number of one, or [`NONE`], fits a
/// byte.
pub const LARGEST: usize = NONE as usize;

/// The largest pixel of each window of one sample, and, unless `largest` is empty, its number in
/// the window. What is not a number is larger than all others; of equal pixels the first counts.
///
/// With `mask`, a pixel that is not above 0 gets the number [`NONE`], and so no gradient, as if a
/// rectifier went before.
///
/// # Panics
/// When the lengths do not belong together, or a window has more pixels than [`LARGEST`].
pub fn max<T: Scalar>(windows: &Windows, y: &mut [T], largest: &mut [u8], x: &[T], mask: bool) {
    assert_eq!((x.len(), y.len()), (windows.input(), windows.output()), "a sample");
    assert!(largest.is_empty() || largest.len() == y.len(), "a number for each output");
    assert!(windows.pixels() <= LARGEST, "a window of at most {LARGEST} pixels");
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

/// The mean of each window of one sample; the border is zero, and counts if it is to.
///
/// # Panics
/// When the lengths do not belong together.
pub fn mean<T: Scalar>(windows: &Windows, y: &mut [T], x: &[T], border: bool) {
    assert_eq!((x.len(), y.len()), (windows.input(), windows.output()), "a sample");
    dispatch(Mean { windows, y, x, border });
}

/// The gradient of [`mean`].
///
/// # Panics
/// When the lengths do not belong together.
pub fn mean_backward<T: Scalar>(windows: &Windows, dx: &mut [T], dy: &[T], border: bool) {
    assert_eq!((dx.len(), dy.len()), (windows.input(), windows.output()), "a sample");
    dispatch(MeanBackward { windows, dx, dy, border });
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
            for i in 0..w.vertical.positions {
                for j in 0..w.horizontal.positions {
                    let (rows, cols) = (w.vertical.inside(i), w.horizontal.inside(j));
                    let mut start = 0;
                    while start < w.channels {
                        let n = T::Vector::<I>::LANES.min(w.channels - start);
                        let at = w.place([i, j]) + start;
                        let mut best = lowest;
                        // The first, unless another is larger: all may be negative infinity.
                        let first = (rows.start * w.horizontal.kernel + cols.start) as f64;
                        let mut which = T::Vector::<I>::splat(T::of(first));
                        for k in rows.clone() {
                            for l in cols.clone() {
                                let from = w.pixel([i, j], [k, l]) + start;
                                let x = T::Vector::<I>::load_first(x.as_ptr().add(from), n);
                                let number = T::of((k * w.horizontal.kernel + l) as f64);
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
        for i in 0..w.vertical.positions {
            for j in 0..w.horizontal.positions {
                let (rows, cols) = (w.vertical.inside(i), w.horizontal.inside(j));
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
                        for k in rows.clone() {
                            for l in cols.clone() {
                                let to = dx.as_mut_ptr().add(w.pixel([i, j], [k, l]) + start);
                                let number = T::of((k * w.horizontal.kernel + l) as f64);
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

/// What each tap of the window at a position has of the mean.
#[inline(always)]
fn share<T: Scalar>(w: &Windows, [i, j]: [usize; 2], border: bool) -> T {
    let taps = w.vertical.counted(i, border) * w.horizontal.counted(j, border);
    T::of(1.0 / taps as f64)
}

struct Mean<'a, T> {
    windows: &'a Windows,
    y: &'a mut [T],
    x: &'a [T],
    border: bool,
}

impl<T: Scalar> Kernel for Mean<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { windows: w, y, x, border } = self;
        y.fill(T::ZERO);
        for i in 0..w.vertical.positions {
            for j in 0..w.horizontal.positions {
                let share = share::<T>(w, [i, j], border);
                let y = &mut y[w.place([i, j])..][..w.channels];
                for k in w.vertical.inside(i) {
                    for l in w.horizontal.inside(j) {
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
    border: bool,
}

impl<T: Scalar> Kernel for MeanBackward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { windows: w, dx, dy, border } = self;
        dx.fill(T::ZERO);
        for i in 0..w.vertical.positions {
            for j in 0..w.horizontal.positions {
                let share = share::<T>(w, [i, j], border);
                let dy = &dy[w.place([i, j])..][..w.channels];
                for k in w.vertical.inside(i) {
                    for l in w.horizontal.inside(j) {
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
