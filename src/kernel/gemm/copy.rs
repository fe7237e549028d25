//! Copies of operands in the order in which tiles read them.

use super::product::Operand;
use crate::kernel::{Real, vector::Vector};
use core::mem::MaybeUninit;

/// Memory for copies, aligned to cache lines.
#[repr(align(64))]
pub(super) struct Panel<T, const N: usize>([MaybeUninit<T>; N]);

impl<T, const N: usize> Panel<T, N> {
    #[inline(always)]
    pub fn new() -> Self {
        Self([const { MaybeUninit::uninit() }; N])
    }

    #[inline(always)]
    pub fn as_mut_ptr(&mut self) -> *mut T {
        self.0.as_mut_ptr().cast()
    }
}

/// Copies `len` rows of `A` or columns of `B`: all of a term next to each other, `stride` scalars
/// from a term to the next.
///
/// # Safety
/// They exist, there is room for `stride * depth` scalars, and the instruction set of `V` is
/// available.
#[inline(always)]
pub(super) unsafe fn copy<T: Real, V: Vector<Elem = T>>(
    from: Operand<T>,
    len: usize,
    stride: usize,
    depth: usize,
    to: *mut T,
) -> Operand<T> {
    // SAFETY: the caller's promise.
    unsafe {
        if from.stride == 1 {
            match len.div_ceil(V::LANES) {
                1 => copy_columns::<T, V, 1>(from, len, stride, depth, to),
                2 => copy_columns::<T, V, 2>(from, len, stride, depth, to),
                _ => copy_columns::<T, V, 3>(from, len, stride, depth, to),
            }
        } else {
            // Whole squares in registers where terms are contiguous, and the rest one by one.
            let (rows, terms) = match from.depth_stride {
                1 => (len - len % V::LANES, depth - depth % V::LANES),
                _ => (0, 0),
            };
            for i in (0..rows).step_by(V::LANES) {
                for k in (0..terms).step_by(V::LANES) {
                    V::transpose(from.at(i, k), from.stride, to.add(k * stride + i), stride);
                }
            }
            for i in 0..len {
                for k in if i < rows { terms } else { 0 }..depth {
                    *to.add(k * stride + i) = *from.at(i, k);
                }
            }
        }
    }
    Operand { ptr: to, stride: 1, depth_stride: stride }
}

/// Copies terms of which `len` scalars, that is `N` vectors, are contiguous.
///
/// # Safety
/// See [`copy`].
#[inline(always)]
unsafe fn copy_columns<T: Real, V: Vector<Elem = T>, const N: usize>(
    from: Operand<T>,
    len: usize,
    stride: usize,
    depth: usize,
    to: *mut T,
) {
    let last = len - (N - 1) * V::LANES;
    for k in 0..depth {
        for i in 0..N {
            // SAFETY: the caller's promise.
            unsafe {
                let x = load::<T, V>(from.at(i * V::LANES, k), i + 1 < N, last);
                let to = to.add(k * stride + i * V::LANES);
                if i + 1 < N { x.store(to) } else { x.store_first(to, last) }
            }
        }
    }
}

/// A vector of a tile: a full one, or the first `last` lanes.
///
/// # Safety
/// The instruction set of `V` is available, and that memory is readable.
#[inline(always)]
pub(super) unsafe fn load<T: Real, V: Vector<Elem = T>>(
    from: *const T,
    full: bool,
    last: usize,
) -> V {
    // SAFETY: the caller's promise.
    unsafe { if full { V::load(from) } else { V::load_first(from, last) } }
}
