//! Initial weights.

use super::Nonlinearity;
use crate::kernel::Real;
use nalgebra::DMatrix;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal, Uniform};

/// How the weights of a layer are drawn, given how many inputs each output has (`fan_in`) and how
/// many outputs each input reaches (`fan_out`).
///
/// It is a layer's value argument: `fc1: Dense<100>(Init::Normal(0.01))`. Biases start at zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Init {
    /// By what follows the layer: He before a rectifier, Xavier before anything else.
    #[default]
    Auto,
    /// Normal with variance `2 / fan_in` (He et al., 2015).
    He,
    /// Normal with variance `2 / (fan_in + fan_out)` (Glorot and Bengio, 2010).
    Xavier,
    /// Normal with variance `1 / fan_in` (LeCun et al., 1998).
    LeCun,
    /// Normal with this standard deviation.
    Normal(f64),
    /// Uniform between minus and plus this bound.
    Uniform(f64),
    /// Orthonormal rows or columns, whichever are fewer (Saxe et al., 2014).
    Orthogonal,
    /// All zero.
    Zeros,
}

impl Init {
    /// Fills `weight`, of `rows` outputs with `weight.len() / rows` inputs each.
    ///
    /// # Panics
    /// When a standard deviation or bound is negative or not finite.
    pub fn fill<T: Real>(
        self,
        weight: &mut [T],
        rows: usize,
        (fan_in, fan_out): (usize, usize),
        follows: Nonlinearity,
        rng: &mut dyn Rng,
    ) {
        let (fan_in, fan_out) = (fan_in as f64, fan_out as f64);
        match self {
            Self::Auto => {
                let std = match follows {
                    Nonlinearity::Rectifier(slope) => sqrt(2.0 / (1.0 + slope * slope) / fan_in),
                    _ => sqrt(2.0 / (fan_in + fan_out)),
                };
                normal(weight, std, rng);
            }
            Self::He => normal(weight, sqrt(2.0 / fan_in), rng),
            Self::Xavier => normal(weight, sqrt(2.0 / (fan_in + fan_out)), rng),
            Self::LeCun => normal(weight, sqrt(1.0 / fan_in), rng),
            Self::Normal(std) => normal(weight, std, rng),
            Self::Uniform(bound) => {
                let range = Uniform::new_inclusive(-bound, bound)
                    .unwrap_or_else(|error| panic!("Init::Uniform({bound}): {error}"));
                weight.iter_mut().for_each(|w| *w = T::of(rng.sample(range)));
            }
            Self::Orthogonal => orthogonal(weight, rows, rng),
            Self::Zeros => weight.fill(T::ZERO),
        }
    }
}

fn normal<T: Real>(weight: &mut [T], std: f64, rng: &mut dyn Rng) {
    assert!(std.is_finite() && std >= 0.0, "a standard deviation of {std} for initial weights");
    for w in weight {
        let z: f64 = StandardNormal.sample(rng);
        *w = T::of(std * z);
    }
}

/// The orthogonal factor of a matrix of normal numbers; signs are those of the triangular factor's
/// diagonal, which makes the distribution uniform (Mezzadri, 2007).
fn orthogonal<T: Real>(weight: &mut [T], rows: usize, rng: &mut dyn Rng) {
    let columns = weight.len() / rows.max(1);
    let (long, short) = (rows.max(columns), rows.min(columns));
    let qr = DMatrix::<f64>::from_fn(long, short, |_, _| StandardNormal.sample(rng)).qr();
    let (q, r) = (qr.q(), qr.r());
    for (i, row) in weight.chunks_exact_mut(columns.max(1)).enumerate() {
        for (j, w) in row.iter_mut().enumerate() {
            let (at, k) = if rows >= columns { ((i, j), j) } else { ((j, i), i) };
            *w = T::of(q[at] * if r[(k, k)] < 0.0 { -1.0 } else { 1.0 });
        }
    }
}

/// The square root, without the standard library as well.
fn sqrt(x: f64) -> f64 {
    nalgebra::ComplexField::sqrt(x)
}
