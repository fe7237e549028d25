//! Pools against loops over every index, at every instruction set.

use crate::{at_every_level, numbers};
use formwork::kernel::Real;
use formwork::kernel::conv::Axis;
use formwork::kernel::pool::{LARGEST, NONE, Windows, max, max_backward, mean, mean_backward};

/// One axis in numbers.
#[derive(Clone, Copy, Debug)]
struct Line {
    size: usize,
    kernel: usize,
    stride: usize,
    pads: [usize; 2],
    dilation: usize,
    with_rest: bool,
}

impl Line {
    fn axis(self) -> Axis {
        let Self { size, kernel, stride, pads, dilation, with_rest } = self;
        let axis = Axis::new(size, kernel, stride, pads, dilation);
        if with_rest { axis.with_rest() } else { axis }
    }

    fn positions(self) -> usize {
        let distance = self.size + self.pads[0] + self.pads[1] - self.span();
        if !self.with_rest {
            return distance / self.stride + 1;
        }
        let all = distance.div_ceil(self.stride) + 1;
        if (all - 1) * self.stride < self.size + self.pads[0] { all } else { all - 1 }
    }

    fn span(self) -> usize {
        self.dilation * (self.kernel - 1) + 1
    }

    /// The pixel under tap `k` at position `i`, if it is inside.
    fn pixel(self, i: usize, k: usize) -> Option<usize> {
        let pixel = (i * self.stride + k * self.dilation).checked_sub(self.pads[0])?;
        (pixel < self.size).then_some(pixel)
    }

    /// The taps that count at position `i`.
    fn counted(self, i: usize, border: bool) -> usize {
        let end = self.size + self.pads[0] + self.pads[1];
        let counts = |k: &usize| match border {
            true => i * self.stride + k * self.dilation < end,
            false => self.pixel(i, *k).is_some(),
        };
        (0..self.kernel).filter(counts).count()
    }
}

const fn square(size: usize, kernel: usize, stride: usize, pad: usize) -> Line {
    Line { size, kernel, stride, pads: [pad; 2], dilation: 1, with_rest: false }
}

/// Channels, and how windows go down and across.
fn cases() -> Vec<(usize, Line, Line)> {
    let two = |channels, [height, width]: [usize; 2], kernel, stride, pad| {
        (channels, square(height, kernel, stride, pad), square(width, kernel, stride, pad))
    };
    let mut cases = vec![
        two(1, [4, 6], 2, 2, 0),
        two(16, [4, 6], 2, 2, 0),
        two(37, [5, 6], 2, 2, 0),
        two(30, [7, 5], 3, 2, 1),
        two(5, [6, 6], 3, 1, 2),
        two(3, [9, 4], 2, 3, 0),
        two(18, [20, 17], 15, 1, 0),
        (5, square(1, 1, 1, 0), square(300, LARGEST, 7, 0)),
        (17, square(6, 3, 3, 0), square(6, 2, 2, 0)),
        (3, square(7, 2, 1, 1), square(5, 4, 3, 2)),
        (3, square(6, 2, 2, 0), square(7, 2, 2, 0)),
    ];
    let uneven = |size, pads| Line { pads, ..square(size, 3, 2, 0) };
    cases.push((4, uneven(6, [2, 0]), uneven(5, [0, 1])));
    let rest = |size, stride, pad| Line { with_rest: true, ..square(size, 3, stride, pad) };
    cases.extend([(4, rest(8, 2, 0), rest(8, 2, 1)), (4, rest(6, 4, 1), rest(9, 5, 1))]);
    let dilated = |size, kernel, stride, pad, dilation| Line {
        dilation,
        ..square(size, kernel, stride, pad)
    };
    cases.extend([
        (4, dilated(8, 3, 2, 1, 2), dilated(7, 2, 1, 2, 3)),
        (4, Line { with_rest: true, ..dilated(8, 3, 2, 1, 2) }, rest(7, 2, 0)),
    ]);
    cases
}

/// The inputs of a window of one channel with their numbers in it; and how many taps count of a mean,
/// with the border and without.
type Window = (Vec<(usize, usize)>, [usize; 2]);

/// The window of each output.
fn windows(channels: usize, down: Line, across: Line) -> Vec<Window> {
    let mut all = Vec::new();
    for i in 0..down.positions() {
        for j in 0..across.positions() {
            for c in 0..channels {
                let mut window = Vec::new();
                for k in 0..down.kernel {
                    for l in 0..across.kernel {
                        if let (Some(row), Some(col)) = (down.pixel(i, k), across.pixel(j, l)) {
                            let pixel = row * across.size + col;
                            window.push((pixel * channels + c, k * across.kernel + l));
                        }
                    }
                }
                let counted = |border| down.counted(i, border) * across.counted(j, border);
                all.push((window, [counted(true), counted(false)]));
            }
        }
    }
    all
}

fn is_nan<T: Real>(x: T) -> bool {
    x.partial_cmp(&x).is_none()
}

fn agrees<T: Real>() {
    for (channels, down, across) in cases() {
        let image = (channels, down, across);
        let pool = Windows::new(channels, down.axis(), across.axis());
        let all = windows(channels, down, across);
        assert_eq!(pool.output(), all.len());
        let mut x = numbers::<T>(pool.input(), 1);
        x[0] = T::of(f64::NAN);
        x[pool.input() / 2] = T::of(f64::NEG_INFINITY);
        let dy = numbers::<T>(pool.output(), 2);
        let (mut y, mut dx) = (dy.clone(), numbers::<T>(pool.input(), 3));
        let mut largest = vec![9; pool.output()];
        max(&pool, &mut y, &mut largest, &x, false);
        max_backward(&pool, &mut dx, &largest, &dy);

        let mut expected_dx = vec![T::ZERO; pool.input()];
        for (o, (window, _)) in all.iter().enumerate() {
            let first = window[0];
            let (at, number) = *window.iter().fold(&window[0], |best, other| {
                let (b, o) = (x[best.0], x[other.0]);
                if o > b || (is_nan(o) && !is_nan(b)) { other } else { best }
            });
            assert_eq!(y[o].to_f64().to_bits(), x[at].to_f64().to_bits(), "{image:?} at {o}");
            assert_eq!(usize::from(largest[o]), number, "{image:?} at {o}, from {first:?}");
            expected_dx[at] += dy[o];
        }
        for (i, (&found, &expected)) in dx.iter().zip(&expected_dx).enumerate() {
            let off = (found - expected).to_f64().abs();
            assert!(off < 1e-5, "{image:?}: dx[{i}] is {found}, not {expected}");
        }
        let mut without = dy.clone();
        max(&pool, &mut without, &mut [], &x, false);
        assert!(without.iter().zip(&y).all(|(a, b)| a == b || (is_nan(*a) && is_nan(*b))));
        let mut masked = vec![9; pool.output()];
        max(&pool, &mut without, &mut masked, &x, true);
        for (o, (&found, &number)) in masked.iter().zip(&largest).enumerate() {
            let lets_through = y[o] > T::ZERO || is_nan(y[o]);
            assert_eq!(found, if lets_through { number } else { NONE }, "{image:?} at {o}");
        }

        let x = numbers::<T>(pool.input(), 4);
        for border in [true, false] {
            mean(&pool, &mut y, &x, border);
            mean_backward(&pool, &mut dx, &dy, border);
            expected_dx.fill(T::ZERO);
            for (o, (window, counted)) in all.iter().enumerate() {
                let share = T::of(1.0 / counted[usize::from(!border)] as f64);
                let sum = window.iter().fold(T::ZERO, |sum, &(at, _)| sum + x[at]);
                assert!((y[o] - sum * share).to_f64().abs() < 1e-5, "{image:?}: mean {o}");
                window.iter().for_each(|&(at, _)| expected_dx[at] += dy[o] * share);
            }
            for (i, (&found, &expected)) in dx.iter().zip(&expected_dx).enumerate() {
                let off = (found - expected).to_f64().abs();
                assert!(off < 1e-5, "{image:?}: dx[{i}] of the mean");
            }
        }
    }
}

#[test]
fn pools_agree_with_loops() {
    at_every_level(|_| {
        agrees::<f32>();
        agrees::<f64>();
    });
}

#[test]
fn what_cannot_slide_has_no_windows() {
    for (kernel, stride, pad) in [(5, 1, 0), (2, 0, 0), (2, 2, 2)] {
        let axis = |size| square(size, kernel, stride, pad).axis();
        assert_eq!(Windows::new(3, axis(4), axis(9)).output(), 0);
    }
    // A window on the border whose taps are on both sides of the image.
    let axis = Axis::new(2, 2, 1, [1, 1], 3);
    assert_eq!(Windows::new(1, axis, axis).output(), 0);
}
