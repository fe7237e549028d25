//! Nanoseconds of one thread for a sample through small recurrent layers and a dense output, step by
//! step and in blocks of 64.
//!
//! `cargo bench --bench recurrent -- [lstm] [gru] [UNITS..]` measures the rows that are asked for.

use formwork::data::Grid;
use formwork::prelude::*;
use rand::SeedableRng;
use std::{hint::black_box, time::Instant};

/// Samples of a round.
const SAMPLES: usize = 64 * 32;
const BLOCK: usize = 64;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    println!("{:<12}{:>8}{:>8}", "", "steps", "blocks");
    lstm::all(&words);
    gru::all(&words);
}

/// Networks of one layer, a module for each size, and what measures all of them.
macro_rules! sizes {
    ($name:ident: $layer:ident, $($module:ident $units:literal)*) => {
        mod $name {
            $(mod $module {
                use formwork::prelude::*;
                network! {
                    pub struct Net: Vector<1> => Vector<1> { layer: $layer<$units>, out: Dense<1> }
                }
            })*

            pub fn all(words: &[String]) {
                $(super::row::<$module::Net>(stringify!($name), stringify!($units), words);)*
            }
        }
    };
}

sizes! { lstm: Lstm, a 8 b 16 c 20 d 32 e 40 f 64 g 65 h 72 i 96 }
sizes! { gru: Gru, a 8 b 16 c 20 d 32 e 40 f 64 g 65 h 72 i 96 }

/// Measures one network, if it is asked for.
fn row<N>(layer: &str, units: &str, words: &[String])
where
    N: Network<Sample = Grid<1>>,
    N::Input: Shape<Element<f32> = f32>,
{
    if !words.is_empty() && !words.iter().any(|word| word == layer || word == units) {
        return;
    }
    let model = Model::<N>::new(&mut Generator::seed_from_u64(0));
    let x: Vec<f32> = (0..SAMPLES).map(|i| (i as f32 * 0.1).sin() * 0.5).collect();
    let (mut stream, mut player) = (Stream::new(&model, 1), Player::new(&model, BLOCK, 1));
    let mut y = [0.0; BLOCK];
    let steps = best(|| {
        for x in x.chunks_exact(1) {
            black_box(stream.step(x));
        }
    });
    let blocks = best(|| {
        for x in x.chunks_exact(BLOCK) {
            player.process(black_box(x), &mut y);
            black_box(&y);
        }
    });
    println!("{:<12}{steps:>8.1}{blocks:>8.1}", format!("{layer} {units}"));
}

/// Nanoseconds a sample: the best of many rounds, since other programs only ever add.
fn best(mut round: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut best = f64::INFINITY;
    while start.elapsed().as_millis() < 500 {
        let start = Instant::now();
        round();
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / SAMPLES as f64);
    }
    best
}
