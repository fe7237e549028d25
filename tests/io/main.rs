//! Files: how they are replaced, and weights in them.
#![cfg(feature = "safetensors")]

mod load;
mod names;
mod pytorch;
mod replace;
mod weights;

use formwork::prelude::*;
use rand::SeedableRng;
use std::path::{Path, PathBuf};

network! {
    /// Two layers, and statistics beside the parameters.
    pub struct Net: Vector<3> => Vector<2> { fc1: Dense<4>, bn1: BatchNorm, Relu, fc2: Dense<2> }
}

fn model<T: formwork::kernel::Real>() -> Model<Net, T> {
    let mut model = Model::<Net, T>::new(&mut Generator::seed_from_u64(1));
    // Statistics of which each is another number.
    for (i, value) in model.statistics_mut().iter_mut().enumerate() {
        *value = T::of(0.25 * i as f64);
    }
    model
}

/// A folder of one test alone, which is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("io-{test}"));
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// How many files there are, whatever their names.
    fn count(&self) -> usize {
        std::fs::read_dir(&self.0).unwrap().count()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
