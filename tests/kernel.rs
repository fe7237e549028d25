//! The kernels against plain loops, at every instruction set of this CPU.

mod kernel {
    mod bits;
    mod conv;
    mod features;
    mod gemm;
    mod math;
    mod packed;
    #[cfg(feature = "parallel")]
    mod parallel;
    mod pool;
    mod sizes;
    mod slices;
    mod time;
    mod view;
}

/// Runs `test` at every level that this CPU has, one caller at a time.
fn at_every_level(test: impl Fn(formwork::kernel::dispatch::Level)) {
    use formwork::kernel::dispatch::Level;
    use std::sync::{Mutex, PoisonError};

    static FORCED: Mutex<()> = Mutex::new(());
    let _guard = FORCED.lock().unwrap_or_else(PoisonError::into_inner);
    for level in Level::ALL {
        if level.force() {
            assert_eq!(Level::current(), level);
            test(level);
        }
    }
}

/// `n` numbers in `[-1, 1)` that depend on the seed.
fn numbers<T: formwork::kernel::Real>(n: usize, seed: u64) -> Vec<T> {
    use rand::{RngExt, SeedableRng};
    let mut rng = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..n).map(|_| T::of(rng.random_range(-1.0..1.0))).collect()
}
