//! Some rows of columns, as columns of their own.

use crate::kernel::Real;
use core::ops::Range;

/// Copies the rows out of columns of `size`.
pub fn gather<T: Real>(to: &mut [T], from: &[T], size: usize, rows: Range<usize>) {
    if !rows.is_empty() {
        for (to, from) in to.chunks_exact_mut(rows.len()).zip(from.chunks_exact(size)) {
            to.copy_from_slice(&from[rows.clone()]);
        }
    }
}

/// Copies columns to the rows of columns of `size`.
pub fn scatter<T: Real>(to: &mut [T], from: &[T], size: usize, rows: Range<usize>) {
    if !rows.is_empty() {
        for (to, from) in to.chunks_exact_mut(size).zip(from.chunks_exact(rows.len())) {
            to[rows.clone()].copy_from_slice(from);
        }
    }
}

/// Adds columns to the rows of columns of `size`.
pub fn add<T: Real>(to: &mut [T], from: &[T], size: usize, rows: Range<usize>) {
    if !rows.is_empty() {
        for (to, from) in to.chunks_exact_mut(size).zip(from.chunks_exact(rows.len())) {
            to[rows.clone()].iter_mut().zip(from).for_each(|(to, from)| *to += *from);
        }
    }
}
