//! Threads that stay awake between pieces of work.

use core::cell::Cell;
use core::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

std::thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread runs what others stay awake for.
pub fn inside() -> bool {
    INSIDE.get()
}

/// Runs `f`, with jobs for so many other threads that look for work until `f` is done.
pub fn beside(others: usize, f: &mut (dyn FnMut() + Send)) {
    let done = AtomicBool::new(false);
    nest(others, &done, &mut || {
        let _guard = Running::enter(&done);
        f();
    });
}

fn nest(others: usize, done: &AtomicBool, f: &mut (dyn FnMut() + Send)) {
    if others == 0 {
        return f();
    }
    rayon_core::join(|| nest(others - 1, done, f), || look_for_work(done));
}

/// Without work for so long, a thread goes to sleep: who forks may want its core.
const PATIENCE: Duration = Duration::from_micros(500);

/// Runs jobs until `done`. Not on a thread that waits, in the midst of such an `f`, for a piece
/// of it: that would never go on.
fn look_for_work(done: &AtomicBool) {
    let mut last = Instant::now();
    while !inside() && !done.load(Ordering::Acquire) {
        if rayon_core::yield_now() == Some(rayon_core::Yield::Executed) {
            last = Instant::now();
        } else if last.elapsed() < PATIENCE {
            std::thread::yield_now();
        } else {
            return;
        }
    }
}

/// Marks the thread, and in the end, also by a panic, what was done.
struct Running<'a>(&'a AtomicBool);

impl<'a> Running<'a> {
    fn enter(done: &'a AtomicBool) -> Self {
        INSIDE.set(true);
        Self(done)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        INSIDE.set(false);
        self.0.store(true, Ordering::Release);
    }
}
