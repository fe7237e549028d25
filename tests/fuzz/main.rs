//! Files that were damaged: every loader refuses them or makes something sound of them, in little
//! memory, and tells what is wrong in few words.
//!
//! `FORMWORK_FUZZ=100000000 cargo test --release --test fuzz` tries more of them than the 200,000
//! that are tried otherwise. A failure names its input, which is the same in each run.
#![cfg(feature = "safetensors")]

mod loaders;
mod memory;
mod mutate;

use loaders::LOADERS;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How much memory a loader may take for an input of a few kilobytes.
const MOST: usize = 4 << 20;

#[test]
fn damaged_files_do_no_harm() {
    let inputs = std::env::var("FORMWORK_FUZZ").map_or(200_000, |count| count.parse().unwrap());
    let share: u32 = LOADERS.iter().map(|loader| loader.share).sum();
    for (loader, index) in LOADERS.iter().zip(0..) {
        let count = inputs * u64::from(loader.share) / u64::from(share);
        let originals = (loader.originals)();
        let (mut accepted, mut refused) = (0, 0);
        for number in 0..count {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(number << 8 | index);
            let original = &originals[number as usize % originals.len()];
            let input = (loader.mutate)(original, &mut rng);
            let name = || format!("{}, input {number}", loader.name);
            let (outcome, most) = memory::of(|| {
                catch_unwind(AssertUnwindSafe(|| (loader.load)(&input)))
                    .unwrap_or_else(|_| panic!("{} panicked", name()))
            });
            assert!(most <= MOST, "{} took {most} bytes", name());
            match outcome {
                Ok(()) => accepted += 1,
                Err(message) => {
                    refused += 1;
                    let short = message.len() < 1000 && !message.contains(char::is_control);
                    assert!(short, "{} says {message:?}", name());
                }
            }
        }
        println!("{}: {accepted} accepted, {refused} refused", loader.name);
        // Otherwise one half of this would be idle.
        assert!(count < 1000 || accepted > 0 && refused > count / 10, "{}", loader.name);
    }
}
