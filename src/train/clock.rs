//! What tells how long the steps of an epoch took.

use core::time::Duration;
use std::sync::OnceLock;
use std::time::Instant;

/// Gives the time since some fixed moment.
pub(super) type Clock = fn() -> Duration;

/// The clock of the machine. In a web page the standard library knows of none, and panics when it is
/// asked: there, no time passes.
pub(super) fn machine() -> Duration {
    if cfg!(all(target_family = "wasm", target_os = "unknown")) {
        return Duration::ZERO;
    }
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
