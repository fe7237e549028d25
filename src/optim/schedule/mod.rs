//! Schedules: how the learning rate changes in the course of training.
//!
//! A schedule is a factor on the base rate. Before each step the trainer asks for it, telling how
//! far training is ([`Progress`]); after each epoch it tells the validation loss.
//!
//! # Example
//! ```
//! use formwork::optim::{Optimizer, Sgd};
//! use formwork::optim::schedule::{OnPlateau, Progress, Schedule};
//!
//! let (base, steps_per_epoch) = (20.0, 3);
//! let mut sgd = Sgd::new(base);
//! let mut schedule = OnPlateau::divide_by(4.0);
//! let mut params = [0.0_f32];
//! for (epoch, validation_loss) in [5.0, 4.0, 4.5].into_iter().enumerate() {
//!     for step in 0..steps_per_epoch {
//!         let progress = Progress { epoch: epoch as u64, step, steps_per_epoch };
//!         sgd.set_learning_rate(base * schedule.factor(progress));
//!         sgd.step(&mut params, &[0.1]);
//!     }
//!     schedule.observe(validation_loss);
//! }
//! assert_eq!(schedule.factor(Progress { epoch: 3, step: 0, steps_per_epoch }), 0.25);
//! ```
//! A closure is a schedule, too:
//! ```
//! use formwork::optim::schedule::{Progress, Schedule};
//!
//! let inverse = |progress: Progress| 1.0 / (1.0 + progress.epochs());
//! assert_eq!(inverse.factor(Progress { epoch: 1, step: 0, steps_per_epoch: 10 }), 0.5);
//! ```

mod on_plateau;

pub use on_plateau::OnPlateau;

use alloc::{vec, vec::Vec};
use core::f64::consts::PI;

use nalgebra::ComplexField;

use super::kind;

/// How far training is when a step is about to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The epochs completed.
    pub epoch: u64,
    /// The steps completed in this epoch.
    pub step: u64,
    /// The steps of an epoch.
    pub steps_per_epoch: u64,
}

impl Progress {
    /// The epochs completed, as a fraction.
    pub fn epochs(self) -> f64 {
        self.epoch as f64 + self.step as f64 / self.steps_per_epoch.max(1) as f64
    }

    /// The steps completed since training began.
    pub fn steps(self) -> u64 {
        self.epoch.saturating_mul(self.steps_per_epoch).saturating_add(self.step)
    }
}

/// A factor on the learning rate that changes in the course of training.
pub trait Schedule {
    /// The factor on the base rate for the step that is about to be taken.
    fn factor(&self, progress: Progress) -> f64;

    /// Takes notice of the validation loss at the end of an epoch.
    fn observe(&mut self, _validation_loss: f64) {}

    /// What kind of schedule it is, such as `Cosine`: for checkpoints, which notice when a run goes on
    /// with another.
    fn kind(&self) -> &'static str {
        kind::<Self>()
    }

    /// What was set, by name: for checkpoints as well.
    fn settings(&self) -> Vec<(&'static str, f64)> {
        Vec::new()
    }

    /// What the schedule has learnt from the validation losses, to be saved in a checkpoint.
    /// Empty for those that depend on the progress alone.
    fn memory(&self) -> Vec<f64> {
        Vec::new()
    }

    /// Goes on from a checkpoint. `memory` is what [`memory`](Self::memory) gave; anything else
    /// is refused, by returning false, and changes nothing.
    #[must_use]
    fn restore(&mut self, memory: &[f64]) -> bool {
        memory.is_empty()
    }
}

impl<F: Fn(Progress) -> f64> Schedule for F {
    fn factor(&self, progress: Progress) -> f64 {
        self(progress)
    }
}

/// The base rate, throughout.
#[derive(Debug, Clone, Copy, Default)]
pub struct Constant;

impl Schedule for Constant {
    fn factor(&self, _progress: Progress) -> f64 {
        1.0
    }
}

/// A fixed factor every few epochs: `gamma^floor(epoch / every)`, as PyTorch's `StepLR`.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    every: u64,
    gamma: f64,
}

impl Step {
    /// Multiplies the rate by `gamma` after `every` epochs, and again after as many.
    ///
    /// # Panics
    /// If `every` is 0, or `gamma` negative or not finite.
    #[track_caller]
    pub fn new(every: u64, gamma: f64) -> Self {
        assert!(every > 0, "the rate must be changed every 1 epoch or more, found 0");
        Self { every, gamma: valid_gamma(gamma) }
    }
}

impl Schedule for Step {
    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![("every", self.every as f64), ("gamma", self.gamma)]
    }

    fn factor(&self, progress: Progress) -> f64 {
        power(self.gamma, progress.epoch / self.every)
    }
}

/// A fixed factor every epoch: `gamma^epoch`, as PyTorch's `ExponentialLR`.
#[derive(Debug, Clone, Copy)]
pub struct Exponential {
    gamma: f64,
}

impl Exponential {
    /// Multiplies the rate by `gamma` after every epoch.
    ///
    /// # Panics
    /// If `gamma` is negative or not finite.
    #[track_caller]
    pub fn new(gamma: f64) -> Self {
        Self { gamma: valid_gamma(gamma) }
    }
}

impl Schedule for Exponential {
    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![("gamma", self.gamma)]
    }

    fn factor(&self, progress: Progress) -> f64 {
        power(self.gamma, progress.epoch)
    }
}

/// Half a wave of the cosine, from the base rate down to a share of it (Loshchilov and Hutter,
/// 2017, "SGDR: stochastic gradient descent with warm restarts", without the restarts), after a
/// linear warm-up.
///
/// With `W` the steps of the warm-up, `N` those of all the epochs, and `s` those completed, the
/// factor is
/// ```text
/// (s + 1) / W                                                     for s < W
/// floor + (1 - floor) (1 + cos(pi (s - W) / (N - W))) / 2         for W <= s < N
/// floor                                                           for N <= s
/// ```
///
/// # Example
/// ```
/// use formwork::optim::schedule::{Cosine, Progress, Schedule};
///
/// let cosine = Cosine::new(10.0).warm_up(2.0).floor(0.1);
/// let at = |epoch| cosine.factor(Progress { epoch, step: 0, steps_per_epoch: 100 });
/// assert_eq!([at(0), at(1), at(2)], [0.005, 0.505, 1.0]);
/// assert!((at(6) - 0.55).abs() < 1e-12);
/// assert!((at(10) - 0.1).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Cosine {
    epochs: f64,
    warm_up: f64,
    floor: f64,
}

impl Cosine {
    /// Half a wave over this many epochs, to zero, without a warm-up.
    ///
    /// # Panics
    /// If `epochs` is not positive and finite.
    #[track_caller]
    pub fn new(epochs: f64) -> Self {
        assert!(
            epochs.is_finite() && epochs > 0.0,
            "the epochs of a cosine must be positive and finite, found {epochs}"
        );
        Self { epochs, warm_up: 0.0, floor: 0.0 }
    }

    /// Lets the rate rise to the base rate over the first `epochs`. 0 unless set.
    ///
    /// # Panics
    /// If `epochs` is not between 0 and all the epochs.
    #[track_caller]
    pub fn warm_up(mut self, epochs: f64) -> Self {
        assert!(
            (0.0..=self.epochs).contains(&epochs),
            "the epochs of the warm-up must be between 0 and all the {}, found {epochs}",
            self.epochs
        );
        self.warm_up = epochs;
        self
    }

    /// Sets the share of the base rate at which the wave ends. 0 unless set.
    ///
    /// # Panics
    /// If it is not between 0 and 1.
    #[track_caller]
    pub fn floor(mut self, share: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&share),
            "the share of the rate at which a cosine ends must be between 0 and 1, found {share}"
        );
        self.floor = share;
        self
    }
}

impl Schedule for Cosine {
    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![("epochs", self.epochs), ("warm_up", self.warm_up), ("floor", self.floor)]
    }

    fn factor(&self, progress: Progress) -> f64 {
        let steps = progress.steps() as f64;
        let [warm_up, all] =
            [self.warm_up, self.epochs].map(|epochs| epochs * progress.steps_per_epoch as f64);
        if steps < warm_up {
            return ((steps + 1.0) / warm_up).min(1.0);
        }
        if steps >= all {
            return self.floor;
        }
        let wave = (1.0 + ComplexField::cos(PI * (steps - warm_up) / (all - warm_up))) / 2.0;
        self.floor + (1.0 - self.floor) * wave
    }
}

#[track_caller]
fn valid_gamma(gamma: f64) -> f64 {
    assert!(
        gamma.is_finite() && gamma >= 0.0,
        "the factor of the rate must be finite and not negative, found {gamma}"
    );
    gamma
}

fn power(base: f64, exponent: u64) -> f64 {
    ComplexField::powi(base, i32::try_from(exponent).unwrap_or(i32::MAX))
}
