//! Scalars as the bytes that they are in memory.

use crate::scalar::Scalar;

/// The bytes of scalars, in the order of this machine.
///
/// ```
/// let bytes = formwork_kernel::bytes::of(&[1.0_f32, -2.0]);
/// assert_eq!(bytes, [1.0_f32.to_ne_bytes(), (-2.0_f32).to_ne_bytes()].concat());
/// ```
pub fn of<T: Scalar>(scalars: &[T]) -> &[u8] {
    // SAFETY: a float has no padding (`Scalar` is sealed to f32 and f64), and bytes lie anywhere.
    unsafe { core::slice::from_raw_parts(scalars.as_ptr().cast(), size_of_val(scalars)) }
}

/// The bytes of scalars, to be written.
pub fn of_mut<T: Scalar>(scalars: &mut [T]) -> &mut [u8] {
    // SAFETY: as in `of`; any bytes are floats, and the borrow is exclusive.
    unsafe { core::slice::from_raw_parts_mut(scalars.as_mut_ptr().cast(), size_of_val(scalars)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_written_as_they_are_read() {
        let mut copy = [0.0_f64; 3];
        of_mut(&mut copy).copy_from_slice(of(&[0.1, f64::INFINITY, -0.0]));
        assert_eq!(copy.map(f64::to_bits), [0.1, f64::INFINITY, -0.0].map(f64::to_bits));
        assert!(of::<f32>(&[]).is_empty());
    }
}
