//! Pools.

mod average;
mod global;
mod max;
