//! The trainer, on small networks and sets.

mod allocation;
#[cfg(feature = "safetensors")]
mod checkpoint;
mod determinism;
mod diverged;
mod evaluate;
#[cfg(feature = "safetensors")]
mod fingerprint;
#[cfg(feature = "parallel")]
mod groups;
mod history;
#[cfg(all(unix, feature = "safetensors"))]
mod kills;
#[cfg(feature = "parallel")]
mod ranks;
#[cfg(feature = "safetensors")]
mod recurrent;
mod report;
mod run;
mod trainer;

use formwork::data::toy::{self, Plane};
use formwork::prelude::*;
use rand::SeedableRng;

network! {
    /// Enough for two moons.
    pub struct Net: Vector<2> => Vector<2> { fc1: Dense<16>, Relu, fc2: Dense<2> }
}

/// Two moons to train on and to validate with.
fn moons() -> (Plane, Plane) {
    let mut rng = Generator::seed_from_u64(5);
    toy::two_moons(100, 0.15, &mut rng).unwrap().split(0.75, &mut rng)
}

fn net(seed: u64) -> Model<Net> {
    Model::new(&mut Generator::seed_from_u64(seed))
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}
