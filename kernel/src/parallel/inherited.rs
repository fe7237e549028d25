//! Pools that a process has from the one that forked it.

use core::cell::{Cell, LazyCell};
use std::process;
use std::sync::LazyLock;

/// The process in which the pool of all threads that belong to none was first asked for.
static HOME: LazyLock<u32> = LazyLock::new(process::id);

std::thread_local! {
    /// That in which this thread, of a pool, first asked.
    static HERE: LazyCell<u32> = const { LazyCell::new(process::id) };
    /// Whether this thread runs a part of something larger, before which was asked.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the current pool is that of a process of which this one is a fork: its threads are not
/// here, and to wait for them would take forever.
///
/// To ask for the process takes up to a microsecond, so it is asked for once in larger work; and only
/// where processes are forked, since elsewhere there may be none.
pub fn is_inherited() -> bool {
    if !cfg!(unix) || ASKED.get() {
        return false;
    }
    let begun = match rayon_core::current_thread_index() {
        Some(_) => HERE.with(|here| **here),
        None => *HOME,
    };
    begun != process::id()
}

/// Runs `f`, after it has been asked.
pub fn asked<R>(f: impl FnOnce() -> R) -> R {
    let _guard = Guard(ASKED.replace(true));
    f()
}

/// Takes the mark off in the end, also by a panic.
struct Guard(bool);

impl Drop for Guard {
    fn drop(&mut self) {
        ASKED.set(self.0);
    }
}
