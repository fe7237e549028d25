//! Sound through networks: models of Neural Amp Modeler and RTNeural, on one thread.

use crate::workload::{Watch, Workload};
use formwork::data::Grid;
use formwork::prelude::*;
use rand::{RngExt, SeedableRng};

#[path = "../../examples/audio/networks.rs"]
#[allow(dead_code)]
mod networks;
use networks::{A1, A2};

network! { struct Lstm40: Vector<1> => Vector<1> { lstm: Lstm<40>, out: Dense<1> } }
network! { struct Gru40: Vector<1> => Vector<1> { gru: Gru<40>, out: Dense<1> } }
network! { struct Lstm16: Vector<1> => Vector<1> { lstm: Lstm<16>, out: Dense<1> } }

/// A1, "standard", in blocks of 64 samples.
pub fn w8a() -> Workload {
    play::<A1>(64, 1)
}

/// A1, sample by sample.
pub fn w8b() -> Workload {
    play::<A1>(1, 1)
}

/// A2 at its full width, in blocks of 64 samples.
pub fn w8c() -> Workload {
    play::<A2>(64, 1)
}

/// An LSTM of 40 units in blocks of 64 samples, and a dense output.
pub fn w8d() -> Workload {
    play::<Lstm40>(64, 1)
}

/// A GRU of 40 units, likewise.
pub fn w8e() -> Workload {
    play::<Gru40>(64, 1)
}

/// An LSTM of 16 units, likewise, in stereo.
pub fn w8f() -> Workload {
    play::<Lstm16>(64, 2)
}

/// Blocks of so many steps in so many lanes.
fn play<N>(steps: usize, lanes: usize) -> Workload
where
    N: Network<Sample = Grid<1>>,
    N::Input: Shape<Element<f32> = f32>,
{
    let mut rng = Generator::seed_from_u64(0);
    let mut player = Player::new(Model::<N>::new(&mut rng), steps, lanes);
    let block = steps * lanes;
    let samples: Vec<f32> = (0..48_000 / 64 * 64).map(|_| rng.random_range(-0.5..0.5)).collect();
    let mut output = vec![0.0; block];
    let mut at = 0;
    let step = move |_: &mut dyn Watch| {
        player.process(&samples[at..at + block], &mut output);
        std::hint::black_box(&output);
        at = if at + 2 * block <= samples.len() { at + block } else { 0 };
    };
    Workload { step: Box::new(step), samples: block, flop: block * N::FLOP }
}
