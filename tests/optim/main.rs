//! The optimisers: against arithmetic by hand, PyTorch (`tests/reference/optim.py`) and the books.

use std::panic::{AssertUnwindSafe, catch_unwind};

use formwork::kernel::Real;
use formwork::optim::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd};

mod adagrad;
mod adam;
mod adamw;
mod clip;
mod descent;
mod groups;
mod hyper;
mod momentum;
mod nesterov;
mod reference;
mod rmsprop;
mod rows;
mod schedule;
mod sgd;
mod slices;
mod sparse_adam;
mod state;

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

/// Where `steps` steps from (-7, 2) down x^2 / 20 + y^2 lead.
fn descend<T: Real>(optimizer: &mut dyn Optimizer<T>, steps: usize) -> [f64; 2] {
    let real = T::of;
    let mut position = [real(-7.0), real(2.0)];
    for _ in 0..steps {
        let gradient = [position[0] / real(10.0), position[1] * real(2.0)];
        optimizer.step(&mut position, &gradient);
    }
    position.map(T::to_f64)
}

#[track_caller]
fn assert_near(actual: [f64; 2], expected: [f64; 2], tolerance: f64) {
    let near = actual.iter().zip(expected).all(|(a, e)| (a - e).abs() <= tolerance);
    assert!(near, "{actual:?} is not within {tolerance} of {expected:?}");
}

/// One parameter, from 1, under a gradient for each step: its values after each.
fn path(mut optimizer: impl Optimizer<f64>, gradients: &[f64]) -> Vec<f64> {
    let mut param = [1.0];
    let step = |g: &f64| {
        optimizer.step(&mut param, &[*g]);
        param[0]
    };
    gradients.iter().map(step).collect()
}

#[track_caller]
fn assert_path(actual: &[f64], expected: &[f64]) {
    assert_eq!(actual.len(), expected.len());
    let near = actual.iter().zip(expected).all(|(a, e)| (a - e).abs() <= 1e-14);
    assert!(near, "{actual:?} is not {expected:?}");
}

/// The message of the panic of `f`.
#[track_caller]
fn panic_of<R>(f: impl FnOnce() -> R) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).err().expect("a panic");
    *payload.downcast::<String>().expect("a formatted message")
}
