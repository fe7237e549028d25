//! Pools.

mod adaptive;
mod average;
mod average1d;
mod average_steps;
mod global;
mod global_max;
mod max;
mod max1d;
mod max_steps;
