//! What a layer is: what it tells others, and its initial weights.

#[allow(dead_code, reason = "shared with the tests of layers")]
#[path = "../layers/harness.rs"]
mod harness;

mod fusion;
mod init;
