//! Pools.

mod adaptive;
mod average;
mod average1d;
mod global;
mod global_max;
mod max;
mod max1d;
