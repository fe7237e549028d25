//! What `network!` makes of a declaration. The strictest lints hold here, as they may in a user's
//! crate.
#![deny(warnings, missing_docs, unreachable_pub, clippy::pedantic)]
#![forbid(unsafe_code)]

mod blocks;
mod deep;
mod facts;
mod forms;
mod images;
mod names;
mod near_names;
mod networks;
mod steps;
mod stream;
mod workspace;

#[allow(dead_code, unreachable_pub, clippy::pedantic, reason = "shared with the tests of layers")]
#[path = "../layers/harness.rs"]
mod harness;
