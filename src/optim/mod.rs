//! Optimisers: what turns a gradient into a step.
//!
//! The parameters of a network, its gradient, and each value that an optimiser remembers for them
//! are slices of one length, so an update rule is one loop over slices. Throughout, `p` is a
//! parameter, `g` its gradient, `lr` the learning rate and `t = 1, 2, ..` the number of the step;
//! every operation is taken value by value.
//!
//! | optimiser | remembers | the update, without weight decay |
//! |---|---|---|
//! | [`Sgd`] | nothing | `p -= lr g` |
//! | [`Momentum`] | `velocity` | `v = mu v + g`, `p -= lr v` |
//! | [`Nesterov`] | `velocity` | `v = mu v + g`, `p -= lr (g + mu v)` |
//! | [`AdaGrad`] | `sum_of_squares` | `h += g^2`, `p -= lr g / (sqrt(h) + eps)` |
//! | [`RmsProp`] | `second_moment` | `v = alpha v + (1 - alpha) g^2`, `p -= lr g / (sqrt(v) + eps)` |
//! | [`Adam`], [`AdamW`] | `first_moment`, `second_moment` | the ratio of the two moments, both corrected for their bias towards zero |
//!
//! Where a gradient is zero in most rows of a matrix, as that of an embedding is, a
//! [`RowOptimizer`] makes use of it.
//!
//! Where conventions differ, ours are PyTorch's, so that a recipe can be taken over as it is; each
//! optimiser says how it relates to the other convention in use.
//!
//! Weight decay acts on every parameter, biases among them, as in PyTorch, unless [`Groups`] say
//! otherwise: of some tensors no decay, or another learning rate.
//!
//! # Example
//! A minimum of `f(x, y) = x^2 / 20 + y^2`, whose gradient is `(x / 10, 2 y)`:
//! ```
//! use formwork::optim::{Momentum, Optimizer};
//!
//! let mut position = [-7.0_f64, 2.0];
//! let mut momentum = Momentum::new(0.1);
//! for _ in 0..200 {
//!     let gradient = [position[0] / 10.0, position[1] * 2.0];
//!     momentum.step(&mut position, &gradient);
//! }
//! assert!(position.iter().all(|x| x.abs() < 1e-3));
//! ```

mod adagrad;
mod adam;
mod adamw;
pub mod clip;
mod descent;
mod groups;
mod hyper;
mod kind;
mod momentum;
mod nesterov;
mod rmsprop;
mod rows;
pub mod schedule;
mod sgd;
mod slices;
mod sparse_adam;
mod state;

use alloc::boxed::Box;
use alloc::vec::Vec;

pub use adagrad::{AdaGrad, AdaGradRule};
pub use adam::{Adam, AdamRule};
pub use adamw::{AdamW, AdamWRule};
pub use descent::{Descent, Rule, Update};
pub use groups::Groups;
pub(crate) use kind::kind;
pub use momentum::{Momentum, MomentumRule};
pub use nesterov::{Nesterov, NesterovRule};
pub use rmsprop::{RmsProp, RmsPropRule};
pub use rows::{RowOptimizer, Rows};
pub use sgd::{Sgd, SgdRule};
pub use sparse_adam::{SparseAdam, SparseAdamRule};
pub use state::{State, StateError};

use crate::kernel::Real;

/// What makes steps of gradients, with what it remembers from step to step.
///
/// An optimiser belongs to one slice of parameters: the first [`step`](Self::step) fixes their
/// number and allocates what is remembered for them, later ones allocate nothing. The results depend
/// neither on the number of threads nor on the instruction set.
///
/// An update that is taken value by value is a [`Rule`], and [`Descent`] by it an optimiser. Others
/// implement this trait: their [`State::begin`] opens a step.
pub trait Optimizer<T: Real> {
    /// What is remembered from step to step: for checkpoints, read its
    /// [`steps`](State::steps) and [`slices`](State::slices).
    fn state(&self) -> &State<T>;

    /// What is remembered from step to step: to go on from a checkpoint,
    /// [`restore`](State::restore) it.
    fn state_mut(&mut self) -> &mut State<T>;

    /// Updates `params` by the gradient `scale * gradient`, in one pass over the slices.
    ///
    /// The scale saves a pass over the gradient where it is to be clipped (see
    /// [`clip::factor`]) or is a sum to be averaged: the result is, bit for bit, that of scaling
    /// the gradient first.
    ///
    /// # Panics
    /// If `params` and `gradient` differ in length, or their length is not that of the step
    /// before.
    fn step_scaled(&mut self, params: &mut [T], gradient: &[T], scale: f64);

    /// Updates `params` by their `gradient`, in one pass over the slices.
    ///
    /// # Panics
    /// If `params` and `gradient` differ in length, or their length is not that of the step
    /// before.
    #[track_caller]
    fn step(&mut self, params: &mut [T], gradient: &[T]) {
        self.step_scaled(params, gradient, 1.0);
    }

    /// Allocates, for `len` parameters, what will be remembered, as the first step would.
    ///
    /// # Panics
    /// If there already is state for another number of parameters.
    #[track_caller]
    fn prepare(&mut self, len: usize) {
        self.state_mut().prepare(len);
    }

    /// What kind of optimiser it is, such as `Adam`: for checkpoints, which notice when a run goes on
    /// with another.
    fn kind(&self) -> &'static str {
        kind::<Self>()
    }

    /// What was set beside the learning rate, by name: for checkpoints as well.
    fn settings(&self) -> Vec<(&'static str, f64)> {
        Vec::new()
    }

    /// Which parameters it treats otherwise than the others, if any: for checkpoints as well.
    fn parameter_groups(&self) -> Option<&Groups> {
        None
    }

    /// The learning rate.
    fn learning_rate(&self) -> f64 {
        self.state().learning_rate()
    }

    /// Sets the learning rate of the steps to come.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    fn set_learning_rate(&mut self, rate: f64) {
        self.state_mut().set_learning_rate(rate);
    }
}

/// An optimiser chosen at run time.
impl<T: Real, O: Optimizer<T> + ?Sized> Optimizer<T> for Box<O> {
    fn state(&self) -> &State<T> {
        (**self).state()
    }

    fn state_mut(&mut self) -> &mut State<T> {
        (**self).state_mut()
    }

    #[track_caller]
    fn step_scaled(&mut self, params: &mut [T], gradient: &[T], scale: f64) {
        (**self).step_scaled(params, gradient, scale);
    }

    fn kind(&self) -> &'static str {
        (**self).kind()
    }

    fn settings(&self) -> Vec<(&'static str, f64)> {
        (**self).settings()
    }

    fn parameter_groups(&self) -> Option<&Groups> {
        (**self).parameter_groups()
    }
}
