//! Sets small enough to be followed by hand: logic gates and two moons.

use core::f32::consts::PI;

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::dataset::Dataset;
use super::error::DataError;
use super::target::Classes;
use crate::shape::Grid;

/// Points of the plane in two classes.
pub type Plane = Dataset<Grid<2>, Classes<2>>;

/// Both inputs are 1.
pub fn and() -> Plane {
    gate([0, 0, 0, 1])
}

/// At least one input is 1.
pub fn or() -> Plane {
    gate([0, 1, 1, 1])
}

/// At least one input is 0.
pub fn nand() -> Plane {
    gate([1, 1, 1, 0])
}

/// The inputs differ. No line separates the two classes.
///
/// ```
/// use formwork::data::toy;
///
/// assert_eq!(toy::xor().get(1), Some((&[0.0, 1.0][..], &[1][..])));
/// ```
pub fn xor() -> Plane {
    gate([0, 1, 1, 0])
}

/// The truth table of a gate: what it answers to 00, 01, 10 and 11.
fn gate(answers: [u32; 4]) -> Plane {
    let inputs = vec![0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
    Dataset::from_vecs(inputs, answers.to_vec()).expect("four points, four answers of 0 or 1")
}

/// Two interleaved half circles of radius 1 with `points` on each: class 0 above, around (0, 0),
/// and class 1 below, around (1, 0.5). Normal noise with the standard deviation `noise` is added to
/// each coordinate. Points come moon by moon, from one end to the other.
///
/// # Errors
/// [`DataError::NotFinite`] where `noise` is not finite.
///
/// ```
/// use formwork::data::toy;
/// use rand::SeedableRng;
/// use rand_xoshiro::Xoshiro256PlusPlus;
///
/// let moons = toy::two_moons(50, 0.1, &mut Xoshiro256PlusPlus::seed_from_u64(3))?;
/// assert_eq!(moons.class_counts(), [50, 50]);
/// # Ok::<(), formwork::data::DataError>(())
/// ```
pub fn two_moons(points: usize, noise: f32, rng: &mut impl Rng) -> Result<Plane, DataError> {
    let mut inputs = Vec::with_capacity(4 * points);
    let mut targets = Vec::with_capacity(2 * points);
    // From the first point at angle 0 to the last at pi; a single point stays at 0.
    let step = PI / points.saturating_sub(1).max(1) as f32;
    for moon in 0..2 {
        for point in 0..points {
            let (sin, cos) = (point as f32 * step).sin_cos();
            let position = if moon == 0 { [cos, sin] } else { [1.0 - cos, 0.5 - sin] };
            inputs.extend(position.map(|exact| {
                let error: f32 = StandardNormal.sample(rng);
                exact + noise * error
            }));
            targets.push(moon);
        }
    }
    Dataset::from_vecs(inputs, targets)
}
