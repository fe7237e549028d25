//! What recurrent layers do at each step: a product with the same matrix every time, and gates.
//!
//! - [`Cell`]: the equations of a unit, which a layer states.
//! - [`gates`]: the gates of a step and their derivatives, by the equations of any cell.
//! - [`Packed`]: a matrix put in the order in which the product reads it, once for all steps.
//! - [`Single`]: weights for whole steps of a lane, and [`Steps`] of it, for layers that are small.
//!
//! All matrices hold a column for each lane (each of the sequences that run side by side).

mod cell;
pub mod gates;
mod packed;
mod register;
mod short;
mod single;
mod steps;

pub use cell::{Cell, Number, Squash};
pub(crate) use packed::Job;
pub use packed::Packed;
pub(crate) use register::tanh;
pub use single::{Single, Weights};
pub use steps::Steps;
