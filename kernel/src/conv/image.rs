//! Copies of images with zeros around them, and between their pixels.

use super::geometry::{self, Convolution};
use crate::{axis::Axis, scalar::Scalar};

/// Writes the zeros around an input, of which `to` has the place. Without a border `to` is empty, and
/// nothing is done.
pub fn surround<T: Scalar>(conv: &Convolution, to: &mut [T]) {
    if to.is_empty() {
        return;
    }
    let (v, h) = (&conv.vertical, &conv.horizontal);
    let (row, padded_row) = (h.size * conv.channels, h.padded() * conv.channels);
    let left = h.before * conv.channels;
    let (above, rest) = to.split_at_mut(v.before * padded_row);
    let (inside, below) = rest.split_at_mut(v.size * padded_row);
    above.fill(T::ZERO);
    below.fill(T::ZERO);
    for line in inside.chunks_exact_mut(padded_row) {
        line[..left].fill(T::ZERO);
        line[left + row..].fill(T::ZERO);
    }
}

/// Writes an input into the middle of its border, which is zero already. Without a border `to` is
/// empty, and nothing is done.
pub fn pad<T: Scalar>(conv: &Convolution, to: &mut [T], x: &[T]) {
    if to.is_empty() {
        return;
    }
    let (v, h) = (&conv.vertical, &conv.horizontal);
    let (row, padded_row) = (h.size * conv.channels, h.padded() * conv.channels);
    let left = h.before * conv.channels;
    let inside = to[v.before * padded_row..].chunks_exact_mut(padded_row);
    for (to, x) in inside.zip(x.chunks_exact(row)) {
        to[left..left + row].copy_from_slice(x);
    }
}

/// Writes an output where the adjoint expects it: as many zeros between its pixels as the stride
/// leaves out, and the filter's reach, less the border, around; the zeros are there already. Where
/// that is the output itself, `to` is empty, and nothing is done.
pub fn spread<T: Scalar>(conv: &Convolution, to: &mut [T], y: &[T]) {
    if to.is_empty() {
        return;
    }
    let (v, h, filters) = (&conv.vertical, &conv.horizontal, conv.filters);
    let spread_to = geometry::spread(h);
    let to_row = spread_to * filters;
    for (i, y) in y.chunks_exact(h.positions * filters).enumerate() {
        let Some(row) = place(v, i) else { continue };
        let to = &mut to[row * to_row..][..to_row];
        if h.stride == 1 {
            // The columns that are not cut off lie side by side.
            let cut = h.before.saturating_sub(h.reach());
            let start = h.reach().saturating_sub(h.before);
            let count = (h.positions - cut.min(h.positions)).min(spread_to - start);
            to[start * filters..][..count * filters]
                .copy_from_slice(&y[cut * filters..][..count * filters]);
        } else {
            for (j, y) in y.chunks_exact(filters).enumerate() {
                if let Some(column) = place(h, j) {
                    to[column * filters..][..filters].copy_from_slice(y);
                }
            }
        }
    }
}

/// Where pixel `i` of the output lies; `None` when it touches the border alone.
fn place(axis: &Axis, i: usize) -> Option<usize> {
    let place = (i * axis.stride + axis.reach()).checked_sub(axis.before)?;
    (place < geometry::spread(axis)).then_some(place)
}
