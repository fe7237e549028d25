//! Copies of operands in the order in which tiles read them.

use super::product::Operand;
use crate::{deal::Deal, scalar::Scalar, vector::Vector};

/// Rows of `B` that are asked for before they are copied.
const AHEAD: usize = 4;

/// Copies `rows` rows of `A`: those of a term next to each other, zeros after them up to the
/// `height` whole vectors that a tile reads.
///
/// # Safety
/// They exist and fill at most `height` vectors, there is room for these `depth` times, and the
/// instruction set of `V` is available.
#[inline(always)]
pub(super) unsafe fn copy_strip<T: Scalar, V: Vector<Elem = T>>(
    a: Operand<T>,
    rows: usize,
    height: usize,
    depth: usize,
    to: *mut T,
) {
    let stride = height * V::LANES;
    // SAFETY: the caller's promise.
    unsafe {
        if a.stride == 1 {
            match height {
                1 => copy_terms::<T, V, 1>(a, rows, depth, to),
                2 => copy_terms::<T, V, 2>(a, rows, depth, to),
                3 => copy_terms::<T, V, 3>(a, rows, depth, to),
                _ => {
                    for k in 0..depth {
                        for i in (0..stride).step_by(V::LANES) {
                            let n = rows.saturating_sub(i).min(V::LANES);
                            V::load_first(a.at(i, k), n).store(to.add(k * stride + i));
                        }
                    }
                }
            }
        } else {
            // Whole squares in registers where terms are contiguous, and the rest one by one.
            let (squares, terms) = match a.depth_stride {
                1 => (rows - rows % V::LANES, depth - depth % V::LANES),
                _ => (0, 0),
            };
            for i in (0..squares).step_by(V::LANES) {
                for k in (0..terms).step_by(V::LANES) {
                    V::transpose(a.at(i, k), a.stride, to.add(k * stride + i), stride);
                }
            }
            for i in 0..stride {
                for k in if i < squares { terms } else { 0 }..depth {
                    *to.add(k * stride + i) = if i < rows { *a.at(i, k) } else { T::ZERO };
                }
            }
        }
    }
}

/// Copies terms of which `rows` scalars, that is `H` vectors, are contiguous.
///
/// # Safety
/// See [`copy_strip`].
#[inline(always)]
unsafe fn copy_terms<T: Scalar, V: Vector<Elem = T>, const H: usize>(
    a: Operand<T>,
    rows: usize,
    depth: usize,
    to: *mut T,
) {
    let last = rows - (H - 1) * V::LANES;
    for k in 0..depth {
        for i in 0..H {
            // SAFETY: the caller's promise.
            unsafe {
                let x = load::<T, V>(a.at(i * V::LANES, k), i + 1 < H, last);
                x.store(to.add((k * H + i) * V::LANES));
            }
        }
    }
}

/// Copies the columns of `B`, which are contiguous, to panels of `parts`: those of a term and a panel
/// next to each other. From a panel to the next are `stride` scalars.
///
/// # Safety
/// They exist, there is room for `depth` terms and a vector in each panel, and the instruction set
/// of `V` is available.
#[inline(always)]
pub(super) unsafe fn copy_columns<T: Scalar, V: Vector<Elem = T>>(
    b: Operand<T>,
    parts: Deal,
    depth: usize,
    to: *mut T,
    stride: usize,
) {
    debug_assert!(b.stride == 1);
    // Row by row, as they lie in memory. Rows are far from each other, so no processor asks for the
    // next ones by itself.
    let all: usize = parts.map(|(_, cols)| cols).sum();
    let mut row = b.ptr;
    for k in 0..depth {
        for col in (0..all).step_by(64 / size_of::<T>()) {
            V::prefetch(row.wrapping_add(col + AHEAD * b.depth_stride));
        }
        let mut panel = to;
        for (col, cols) in parts {
            let (from, to) = (row.wrapping_add(col), panel.wrapping_add(k * cols));
            // SAFETY: the caller's promise. What a store writes after the columns is overwritten by
            // the next term, or lies in the room for a vector; what a load reads after them are
            // columns of the next panel.
            unsafe {
                if cols <= V::LANES && col + V::LANES <= all {
                    V::load(from).store(to);
                } else {
                    for j in (0..cols).step_by(V::LANES) {
                        V::load_first(from.add(j), V::LANES.min(cols - j)).store(to.add(j));
                    }
                }
            }
            panel = panel.wrapping_add(stride);
        }
        row = row.wrapping_add(b.depth_stride);
    }
}

/// A vector of a tile: a full one, or the first `last` lanes.
///
/// # Safety
/// The instruction set of `V` is available, and that memory is readable.
#[inline(always)]
pub(super) unsafe fn load<T: Scalar, V: Vector<Elem = T>>(
    from: *const T,
    full: bool,
    last: usize,
) -> V {
    // SAFETY: the caller's promise.
    unsafe { if full { V::load(from) } else { V::load_first(from, last) } }
}
