//! Memory on cache lines of its own.

use crate::{scalar::Scalar, sizes::product};
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};

/// A fixed number of scalars, at first zero, that starts on a cache line: vector instructions
/// then never straddle two.
pub struct Buffer<T> {
    lines: Vec<Line>,
    len: usize,
    scalar: PhantomData<T>,
}

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; 64]);

impl<T: Scalar> Buffer<T> {
    /// `len` zeros.
    ///
    /// # Panics
    /// If that is more than memory can hold.
    pub fn zeroed(len: usize) -> Self {
        Self { lines: zeroed(len, size_of::<T>()), len, scalar: PhantomData }
    }
}

#[inline(never)]
fn zeroed(len: usize, size: usize) -> Vec<Line> {
    alloc::vec![Line([0; 64]); product(&[len, size]).div_ceil(64)]
}

impl<T: Scalar> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: the lines are aligned to more than `T`, initialised, at least `len` scalars
        // long, and any bits are a float (`Scalar` is sealed to f32 and f64).
        unsafe { core::slice::from_raw_parts(self.lines.as_ptr().cast(), self.len) }
    }
}

impl<T: Scalar> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as in `deref`, and the borrow is exclusive.
        unsafe { core::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.len) }
    }
}

impl<T: Scalar> Clone for Buffer<T> {
    fn clone(&self) -> Self {
        Self { lines: self.lines.clone(), len: self.len, scalar: PhantomData }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_zero_aligned_and_writable() {
        let mut buffer = Buffer::<f64>::zeroed(9);
        assert_eq!(&buffer[..], &[0.0; 9]);
        assert_eq!(buffer.as_ptr() as usize % 64, 0);
        buffer[8] = 2.0;
        assert_eq!(buffer.clone()[8], 2.0);
        assert!(Buffer::<f32>::zeroed(0).is_empty());
    }
}
