//! The two orders of an image: inside a network the channels of a pixel lie side by side; outside,
//! and in the weights of a dense layer, a channel's pixels do.

use super::Shape;
use crate::kernel::{Real, columns, parallel};

/// Scalars that one thread takes at a time, in whole samples.
const PIECE: usize = 1 << 13;

/// Whether the two orders of a shape differ.
pub const fn differs<S: Shape>() -> bool {
    S::NUMERIC && S::DIMS[0] > 1 && S::DIMS[1] * S::DIMS[2] > 1
}

/// Writes columns in the order channels, height, width as columns with the channels innermost.
pub fn to_channels_last<S: Shape, T: Real>(y: &mut [T], x: &[T]) {
    reorder::<S, T>(y, x, S::DIMS[1] * S::DIMS[2], S::DIMS[0]);
}

/// Writes columns with the channels innermost in the order channels, height, width.
pub fn to_channels_first<S: Shape, T: Real>(y: &mut [T], x: &[T]) {
    reorder::<S, T>(y, x, S::DIMS[0], S::DIMS[1] * S::DIMS[2]);
}

fn reorder<S: Shape, T: Real>(y: &mut [T], x: &[T], rows: usize, cols: usize) {
    let size = S::SIZE.max(1);
    let piece = (PIECE / size).max(1) * size;
    parallel::for_each_chunk(y, piece, x.len() / 2, |i, y| {
        for (y, x) in y.chunks_exact_mut(size).zip(x[i * piece..].chunks_exact(size)) {
            columns::transpose(y, x, rows, cols);
        }
    });
}
