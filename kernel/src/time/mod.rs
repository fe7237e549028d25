//! Convolutions over time, of few channels: what goes on sample after sample.
//!
//! ```text
//! y[f, t] = b[f] + sum over k, c of W[f, c, k] x[c, (first + k shift) mod columns + t]
//! ```
//!
//! Time is columns, and a tap is a run of columns, `shift` after that of the tap before. The numbers
//! of channels, filters and taps are constants. An output is summed up in an order that depends on
//! them alone: a column has the same bits whether it is computed by itself or among others.
//!
//! - [`Filters`]: weights in the order in which they are used.
//! - [`Filter`]: the filters of a run of columns.
//! - [`Unit`]: a layer of a WaveNet: two filters, a function, and two sums, in one pass.

mod filter;
mod filters;
mod tile;
mod unit;

pub use filter::{Filter, Finish};
pub use filters::{Filters, Sizes};
pub use unit::{Function, Unit};

/// Sums of each output, so that one term need not wait for the other.
const CHAINS: usize = 4;
/// Filters are padded to a multiple of the lanes of a vector: so few fill half of the widest one.
const FEW: usize = 8;
