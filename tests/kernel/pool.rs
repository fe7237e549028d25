//! Pools against loops over every index, at every instruction set.

use crate::{at_every_level, numbers};
use formwork::kernel::Real;
use formwork::kernel::pool::{LARGEST, NONE, Windows, max, max_backward, mean, mean_backward};

/// Channels, height and width, then window, stride and border.
const CASES: [([usize; 3], usize, usize, usize); 7] = [
    ([1, 4, 6], 2, 2, 0),
    ([16, 4, 6], 2, 2, 0),
    ([37, 5, 6], 2, 2, 0),
    ([30, 7, 5], 3, 2, 1),
    ([5, 6, 6], 3, 1, 2),
    ([3, 9, 4], 2, 3, 0),
    ([18, 20, 17], LARGEST, 1, 0),
];

/// For each output, its channel and the inputs of its window with their numbers in it.
fn windows(
    [channels, height, width]: [usize; 3],
    kernel: usize,
    stride: usize,
    pad: usize,
) -> Vec<Vec<(usize, usize)>> {
    let positions = |size: usize| (size + 2 * pad - kernel) / stride + 1;
    let mut all = Vec::new();
    for i in 0..positions(height) {
        for j in 0..positions(width) {
            for c in 0..channels {
                let mut window = Vec::new();
                for k in 0..kernel {
                    for l in 0..kernel {
                        let (row, col) = (i * stride + k, j * stride + l);
                        if (pad..pad + height).contains(&row) && (pad..pad + width).contains(&col) {
                            let pixel = (row - pad) * width + col - pad;
                            window.push((pixel * channels + c, k * kernel + l));
                        }
                    }
                }
                all.push(window);
            }
        }
    }
    all
}

fn is_nan<T: Real>(x: T) -> bool {
    x.partial_cmp(&x).is_none()
}

fn agrees<T: Real>() {
    for (image, kernel, stride, pad) in CASES {
        let pool = Windows::new(image, kernel, stride, pad);
        let all = windows(image, kernel, stride, pad);
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
        for (o, window) in all.iter().enumerate() {
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
        mean(&pool, &mut y, &x);
        mean_backward(&pool, &mut dx, &dy);
        let share = T::of(1.0 / (kernel * kernel) as f64);
        expected_dx.fill(T::ZERO);
        for (o, window) in all.iter().enumerate() {
            let sum = window.iter().fold(T::ZERO, |sum, &(at, _)| sum + x[at]);
            assert!((y[o] - sum * share).to_f64().abs() < 1e-5, "{image:?}: mean {o}");
            window.iter().for_each(|&(at, _)| expected_dx[at] += dy[o] * share);
        }
        for (i, (&found, &expected)) in dx.iter().zip(&expected_dx).enumerate() {
            assert!((found - expected).to_f64().abs() < 1e-5, "{image:?}: dx[{i}] of the mean");
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
        assert_eq!(Windows::new([3, 4, 9], kernel, stride, pad).output(), 0);
    }
}
