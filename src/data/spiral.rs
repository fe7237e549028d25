//! Interleaved spirals: the smallest set that a linear classifier cannot learn.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::dataset::Dataset;
use super::error::DataError;
use super::target::Classes;
use crate::shape::Grid;

/// Points of the plane on `N` arms of a spiral, a class for each arm, `points` on each.
///
/// Along arm `j`, with `r` from 0 up to 1 and `e` normal with the standard deviation `noise`:
///
/// ```text
/// angle = 4 j + 4 r + e radians
/// (x, y) = (r sin angle, r cos angle)
/// ```
///
/// With `N = 3`, 100 points and a noise of 0.2 this is the set of K. Saitoh, "Deep Learning from
/// Scratch 2", chapter 1. From twelve arms on, some lie upon each other. Points come arm by arm,
/// from the centre outwards; shuffle them before you cut them in two.
///
/// # Errors
/// [`DataError::NotFinite`] where `noise` is not finite.
///
/// ```
/// use formwork::data::spiral;
/// use rand::SeedableRng;
/// use rand_xoshiro::Xoshiro256PlusPlus;
///
/// let data = spiral::<3>(100, 0.2, &mut Xoshiro256PlusPlus::seed_from_u64(1984))?;
/// assert_eq!(data.class_counts(), [100; 3]);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
pub fn spiral<const N: usize>(
    points: usize,
    noise: f32,
    rng: &mut impl Rng,
) -> Result<Dataset<Grid<2>, Classes<N>>, DataError> {
    let mut inputs = Vec::with_capacity(2 * N * points);
    let mut targets = Vec::with_capacity(N * points);
    for arm in 0..N {
        for point in 0..points {
            let radius = point as f32 / points as f32;
            let error: f32 = StandardNormal.sample(rng);
            let angle = 4.0 * (arm as f32 + radius) + noise * error;
            inputs.extend([radius * angle.sin(), radius * angle.cos()]);
            targets.push(arm as u32);
        }
    }
    Dataset::from_vecs(inputs, targets)
}
