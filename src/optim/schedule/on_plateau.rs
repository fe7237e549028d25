//! A rate that follows the validation loss.

use super::{Progress, Schedule};
use alloc::{vec, vec::Vec};

/// Divides the rate when the validation loss has ceased to fall, as PyTorch's `ReduceLROnPlateau`.
///
/// An epoch is an improvement when its loss is below
/// ```text
/// best                     unless a threshold is set, as PyTorch's threshold of 0
/// best (1 - threshold)     with a relative one, for losses above 0; PyTorch's default is 1e-4
/// best - threshold         with an absolute one
/// ```
/// and only an improvement becomes the best. A loss that is not a number is none.
///
/// # Example
/// A quarter as soon as an epoch has not brought a new best:
/// ```
/// use formwork::optim::schedule::{OnPlateau, Progress, Schedule};
///
/// let mut schedule = OnPlateau::divide_by(4.0);
/// for loss in [5.0, 4.0, 4.1, 3.9, 3.9] {
///     schedule.observe(loss);
/// }
/// let progress = Progress { epoch: 5, step: 0, steps_per_epoch: 100 };
/// assert_eq!(schedule.factor(progress), 1.0 / 16.0);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct OnPlateau {
    divisor: f64,
    patience: u64,
    cooldown: u64,
    relative: f64,
    absolute: f64,
    floor: f64,
    memory: Memory,
}

/// What the losses have taught.
#[derive(Debug, Clone, Copy)]
struct Memory {
    best: f64,
    /// The epochs without an improvement since the last one, the last division or the rest after it.
    waited: u64,
    factor: f64,
    /// The epochs that the rest after the last division still takes.
    resting: u64,
}

impl OnPlateau {
    /// Divides the rate by `divisor` whenever an epoch has not lowered the best validation loss.
    ///
    /// # Panics
    /// If `divisor` is not finite and at least 1.
    #[track_caller]
    pub fn divide_by(divisor: f64) -> Self {
        assert!(
            divisor.is_finite() && divisor >= 1.0,
            "the divisor of the rate must be finite and at least 1, found {divisor}"
        );
        Self {
            divisor,
            patience: 0,
            cooldown: 0,
            relative: 0.0,
            absolute: 0.0,
            floor: 0.0,
            memory: Memory { best: f64::INFINITY, waited: 0, factor: 1.0, resting: 0 },
        }
    }

    /// Sets how many epochs in a row may pass without an improvement before the next one divides
    /// the rate. 0 unless set; PyTorch's default is 10.
    pub fn patience(mut self, epochs: u64) -> Self {
        self.patience = epochs;
        self
    }

    /// Sets the share of the best loss by which an epoch must be below it to be an improvement. It
    /// takes the place of an absolute threshold.
    ///
    /// # Panics
    /// If it is not at least 0 and below 1.
    #[track_caller]
    pub fn relative_threshold(mut self, share: f64) -> Self {
        assert!(
            (0.0..1.0).contains(&share),
            "the share of the best loss that counts must be at least 0 and below 1, found {share}"
        );
        (self.relative, self.absolute) = (share, 0.0);
        self
    }

    /// Sets by how much the loss of an epoch must be below the best to be an improvement. It takes the
    /// place of a relative threshold.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    pub fn absolute_threshold(mut self, difference: f64) -> Self {
        assert!(
            difference.is_finite() && difference >= 0.0,
            "the difference to the best loss that counts must be finite and not negative, found \
             {difference}"
        );
        (self.relative, self.absolute) = (0.0, difference);
        self
    }

    /// Sets for how many epochs after a division none counts as one without an improvement. 0 unless
    /// set.
    pub fn cooldown(mut self, epochs: u64) -> Self {
        self.cooldown = epochs;
        self
    }

    /// Sets the share of the base rate below which no division goes: PyTorch's `min_lr`, over the base
    /// rate. 0 unless set.
    ///
    /// # Panics
    /// If it is not between 0 and 1.
    #[track_caller]
    pub fn floor(mut self, share: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&share),
            "the least share of the rate must be between 0 and 1, found {share}"
        );
        self.floor = share;
        self
    }
}

impl Schedule for OnPlateau {
    fn settings(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("divisor", self.divisor),
            ("patience", self.patience as f64),
            ("relative threshold", self.relative),
            ("absolute threshold", self.absolute),
            ("cooldown", self.cooldown as f64),
            ("floor", self.floor),
        ]
    }

    fn factor(&self, _progress: Progress) -> f64 {
        self.memory.factor
    }

    fn observe(&mut self, validation_loss: f64) {
        let Memory { best, waited, factor, resting } = &mut self.memory;
        if validation_loss < *best * (1.0 - self.relative) - self.absolute {
            *best = validation_loss;
            *waited = 0;
        } else {
            *waited = waited.saturating_add(1);
        }
        if *resting > 0 {
            *resting -= 1;
            *waited = 0;
        }
        if *waited > self.patience {
            *factor = (*factor / self.divisor).max(self.floor);
            *resting = self.cooldown;
            *waited = 0;
        }
    }

    /// The best loss, the epochs since then, the factor, and the epochs of rest to come.
    fn memory(&self) -> Vec<f64> {
        let Memory { best, waited, factor, resting } = self.memory;
        vec![best, waited as f64, factor, resting as f64]
    }

    fn restore(&mut self, memory: &[f64]) -> bool {
        let &[best, waited, factor, resting] = memory else {
            return false;
        };
        let valid =
            !best.is_nan() && waited >= 0.0 && (0.0..=1.0).contains(&factor) && resting >= 0.0;
        if valid {
            let (waited, resting) = (waited as u64, resting as u64);
            self.memory = Memory { best, waited, factor, resting };
        }
        valid
    }
}
