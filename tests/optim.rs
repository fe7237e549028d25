//! The optimisers: against arithmetic by hand, PyTorch (`tests/reference/optim.py`) and the books.

use formwork::kernel::Real;
use formwork::optim::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd};

mod optim {
    mod clip;
    mod rules;
    mod slices;
    mod state;
}

/// Every optimiser, with every hyper-parameter at work.
fn all<T: Real>() -> Vec<Box<dyn Optimizer<T>>> {
    vec![
        Box::new(Sgd::new(0.3).weight_decay(0.1)),
        Box::new(Momentum::new(0.1).momentum(0.8).weight_decay(0.1)),
        Box::new(Nesterov::new(0.1).momentum(0.8).weight_decay(0.1)),
        Box::new(AdaGrad::new(0.5).epsilon(0.01).weight_decay(0.1)),
        Box::new(RmsProp::new(0.05).alpha(0.9).epsilon(0.01).weight_decay(0.1)),
        Box::new(Adam::new(0.3).betas(0.8, 0.99).epsilon(0.01).weight_decay(0.1)),
        Box::new(AdamW::new(0.3).betas(0.8, 0.99).epsilon(0.01).weight_decay(0.1)),
    ]
}

/// `n` numbers in `[-1, 1)` that depend on the seed.
fn noise(n: usize, seed: u64) -> Vec<f32> {
    use rand::{RngExt, SeedableRng};
    let mut rng = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..n).map(|_| rng.random_range(-1.0..1.0)).collect()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}
