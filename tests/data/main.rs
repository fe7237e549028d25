//! Data sets: types, batching, and loaders with everything that can be wrong in a file.

mod affine;
mod batch;
mod csv;
mod dataset;
mod digits;
mod generated;
mod idx;
mod mnist;
mod scaling;
mod sequences;
mod text;
mod windows;

use std::io::Write;
use std::path::PathBuf;

use flate2::{Compression, write::GzEncoder};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

fn rng(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// An empty folder for one test.
fn folder(test: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    if path.exists() {
        std::fs::remove_dir_all(&path).unwrap();
    }
    std::fs::create_dir_all(&path).unwrap();
    path
}
