//! Outputs of several stacks taken together number by number, where one that has a number for each
//! channel counts for all of the channel's pixels.

use super::stacks::{Branched, outputs};
use crate::kernel::{Real, elementwise, parallel};
use core::ops::Range;

/// Of each branch, where its output for all columns lies among those of all, and the size of one.
pub fn places(columns: usize, branches: Branched) -> impl Iterator<Item = (Range<usize>, usize)> {
    outputs(branches).scan(0, move |end, [channels, height, width]| {
        let (start, size) = (*end, channels * height * width);
        *end += columns * size;
        Some((start..*end, size))
    })
}

/// `y = f(y, part)`, in columns of `size` numbers beside `part_size`.
pub fn apply<T: Real>(
    y: &mut [T],
    part: &[T],
    [size, part_size]: [usize; 2],
    f: impl Fn(T, T) -> T + Copy + Sync,
) {
    if part_size == size {
        return elementwise::zip(y, part, f);
    }
    let cost = y.len() / NUMBERS;
    parallel::for_each_chunk(y, size, cost, |i, y| {
        let part = &part[i * part_size..][..part_size];
        for pixel in y.chunks_exact_mut(part_size) {
            pixel.iter_mut().zip(part).for_each(|(y, &part)| *y = f(*y, part));
        }
    });
}

/// The gradient by a number for each channel, from those by the same number in each pixel.
pub fn gather<T: Real>(gradient: &mut [T], pixels: &[T], [size, part_size]: [usize; 2]) {
    parallel::for_each_chunk(gradient, part_size, pixels.len() / NUMBERS, |i, gradient| {
        gradient.fill(T::ZERO);
        for pixel in pixels[i * size..][..size].chunks_exact(part_size) {
            gradient.iter_mut().zip(pixel).for_each(|(sum, &d)| *sum += d);
        }
    });
}

/// About how many numbers a nanosecond is enough for.
const NUMBERS: usize = 4;
