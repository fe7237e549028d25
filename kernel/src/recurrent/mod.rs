//! What recurrent layers do at each step: a product with the same matrix every time, and gates.
//!
//! - [`Packed`]: a matrix put in the order in which the product reads it, once for all steps.
//! - [`single`]: a whole step of one lane, for layers that are small.
//! - [`lstm`], [`gru`], [`rnn`]: the gates of a step and their derivatives, each in one pass.
//!
//! All matrices hold a column for each lane (each of the sequences that run side by side).

mod activation;
pub mod gru;
pub mod lstm;
mod packed;
pub mod rnn;
pub mod single;
mod units;

pub use packed::{Job, Packed};
