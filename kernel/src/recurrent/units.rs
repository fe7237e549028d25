//! Some units of a lane at a time, in values of their own.
//!
//! A cell goes through half a dozen slices at once. Before the compiler makes vectors of such a loop
//! it asks which of them overlap, and where these are too many questions it makes none.

use crate::Real;

/// Units that a kernel takes at a time.
pub const UNITS: usize = 16;

/// At most [`UNITS`] units of a lane, zeros after them.
#[inline(always)]
pub fn units<T: Real>(x: &[T]) -> [T; UNITS] {
    match x.first_chunk() {
        Some(all) => *all,
        None => {
            let mut units = [T::ZERO; UNITS];
            units[..x.len()].copy_from_slice(x);
            units
        }
    }
}

/// Writes as many of the units as there is room for.
#[inline(always)]
pub fn set_units<T: Real>(x: &mut [T], units: &[T; UNITS]) {
    match x.first_chunk_mut() {
        Some(all) => *all = *units,
        None => x.copy_from_slice(&units[..x.len()]),
    }
}
