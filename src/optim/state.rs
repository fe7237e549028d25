//! What an optimiser carries from step to step.

use alloc::{borrow::ToOwned, string::String, vec, vec::Vec};
use core::fmt;

use super::hyper;
use crate::kernel::Real;

/// What an optimiser carries from step to step: the learning rate, the number of steps taken, and
/// some named values for every parameter, such as a velocity.
///
/// # Example
/// A checkpoint, and an optimiser that goes on from it with the very same bits:
/// ```
/// use formwork::optim::{Adam, Optimizer};
///
/// let mut params = [1.0_f32, 2.0];
/// let mut adam = Adam::new(1e-3);
/// adam.step(&mut params, &[0.3, -0.1]);
///
/// let steps = adam.state().steps();
/// let saved: Vec<(String, Vec<f32>)> = (adam.state().slices())
///     .map(|(name, values)| (name.to_owned(), values.to_vec()))
///     .collect();
/// assert_eq!(saved[0].0, "first_moment");
///
/// let mut resumed = Adam::new(1e-3);
/// let slices: Vec<_> = saved.iter().map(|(name, values)| (&name[..], &values[..])).collect();
/// resumed.state_mut().restore(steps, &slices)?;
///
/// let mut same = params;
/// adam.step(&mut params, &[0.2, 0.2]);
/// resumed.step(&mut same, &[0.2, 0.2]);
/// assert_eq!(params, same);
/// # Ok::<(), formwork::optim::StateError>(())
/// ```
#[derive(Clone)]
pub struct State<T> {
    learning_rate: f64,
    steps: u64,
    /// The number of parameters; 0 as long as it is not known.
    len: usize,
    names: &'static [&'static str],
    values: Vec<Vec<T>>,
}

impl<T: Real> State<T> {
    /// The state before the first step, with a value for every parameter under each of `names`.
    ///
    /// # Panics
    /// If the learning rate is negative or not finite.
    #[track_caller]
    pub fn new(learning_rate: f64, names: &'static [&'static str]) -> Self {
        Self {
            learning_rate: hyper::not_negative(learning_rate, "the learning rate"),
            steps: 0,
            len: 0,
            names,
            values: vec![Vec::new(); names.len()],
        }
    }

    /// The learning rate.
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// Sets the learning rate.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    pub fn set_learning_rate(&mut self, rate: f64) {
        self.learning_rate = hyper::not_negative(rate, "the learning rate");
    }

    /// The number of steps taken; after so many that no `u64` counts them, the largest one.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The remembered values, each with its name: as many as there are parameters, or none before
    /// the first step.
    pub fn slices(&self) -> impl ExactSizeIterator<Item = (&'static str, &[T])> {
        self.names.iter().copied().zip(self.values.iter().map(Vec::as_slice))
    }

    /// Allocates the values of `len` parameters, all zero, unless that has been done.
    ///
    /// # Panics
    /// If there already are values for another number of parameters.
    #[track_caller]
    pub fn prepare(&mut self, len: usize) {
        if self.len == 0 {
            self.len = len;
            for values in &mut self.values {
                *values = vec![T::ZERO; len];
            }
        }
        assert!(
            len == self.len,
            "an optimiser of {} parameters was given {len}: each set of parameters needs its own",
            self.len
        );
    }

    /// Opens a step: checks the lengths, counts the step, and hands out the remembered values in
    /// the order of their names. For those who write an [`Optimizer`](super::Optimizer).
    ///
    /// # Panics
    /// If `params` and `gradient` differ in length, their length is not that of the step before,
    /// or `N` is not the number of names.
    #[track_caller]
    pub fn begin<const N: usize>(&mut self, params: &[T], gradient: &[T]) -> [&mut [T]; N] {
        assert!(
            params.len() == gradient.len(),
            "{} parameters were given a gradient of {} values",
            params.len(),
            gradient.len()
        );
        self.prepare(params.len());
        self.steps = self.steps.saturating_add(1);
        let values: &mut [Vec<T>; N] =
            self.values.as_mut_slice().try_into().expect("one slice for each name");
        values.each_mut().map(Vec::as_mut_slice)
    }

    /// Remembers what another state of the same optimiser does, without its learning rate.
    #[cfg(feature = "std")]
    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.steps = other.steps;
        self.len = other.len;
        self.values.clone_from(&other.values);
    }

    /// Goes on from a checkpoint: `steps` and `slices` as [`steps`](Self::steps) and
    /// [`slices`](Self::slices) gave them, in any order.
    ///
    /// Hyper-parameters, the learning rate among them, are the program's, not the checkpoint's.
    ///
    /// # Errors
    /// If the names are not this optimiser's, or the lengths differ from each other or from the
    /// number of parameters so far; the state is then what it was.
    pub fn restore(&mut self, steps: u64, slices: &[(&str, &[T])]) -> Result<(), StateError> {
        let find = |name: &str| slices.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
        let found: Option<Vec<&[T]>> = self.names.iter().map(|name| find(name)).collect();
        let Some(found) = found.filter(|found| found.len() == slices.len()) else {
            return Err(StateError::Names {
                expected: self.names,
                found: slices.iter().map(|(name, _)| (*name).to_owned()).collect(),
            });
        };
        let mut len = self.len;
        for (name, values) in self.names.iter().copied().zip(&found) {
            if len == 0 {
                len = values.len();
            }
            if values.len() != len {
                return Err(StateError::Length { name, expected: len, found: values.len() });
            }
        }
        self.prepare(len);
        for (to, from) in self.values.iter_mut().zip(found) {
            to.copy_from_slice(from);
        }
        self.steps = steps;
        Ok(())
    }
}

/// Without the values, of which there may be millions.
impl<T> fmt::Debug for State<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("learning_rate", &self.learning_rate)
            .field("steps", &self.steps)
            .field("len", &self.len)
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

/// Why a checkpoint does not fit an optimiser.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateError {
    /// The checkpoint is of another optimiser.
    Names {
        /// What this optimiser remembers.
        expected: &'static [&'static str],
        /// What the checkpoint holds.
        found: Vec<String>,
    },
    /// The checkpoint is of another network.
    Length {
        /// The values concerned.
        name: &'static str,
        /// The number of parameters.
        expected: usize,
        /// The number of values in the checkpoint.
        found: usize,
    },
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Names { expected, found } => {
                write!(f, "optimiser state: expected the values {expected:?}, found {found:?}")
            }
            Self::Length { name, expected, found } => write!(
                f,
                "optimiser state: expected {expected} values of `{name}`, one for each parameter, found {found}"
            ),
        }
    }
}

impl core::error::Error for StateError {}
