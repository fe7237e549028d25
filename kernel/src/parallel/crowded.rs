//! Threads whose cores other processes want, too.
//!
//! Such a thread stands still for milliseconds at a time, perhaps in the midst of a piece of work that
//! the others wait for, so that several are slower than one. Whoever has lost time so works alone for as
//! long, and for twice as long each time that it happens again soon.

use core::cell::Cell;
use std::time::{Duration, Instant};

/// Less than this is lost to threads that wake up late, and to pieces that take longer than others.
const HICCUP: Duration = Duration::from_micros(200);
/// What is lost and won back each time that others are tried again is a small part of this.
const LONGEST: Duration = Duration::from_millis(500);
/// After so many times as long without a loss, all is forgotten.
const FORGOTTEN: u32 = 8;

std::thread_local! {
    /// Pieces that this thread has run of the work that it shares with others, and how long they took,
    /// while it does.
    static OWN: Cell<Option<(u32, Duration)>> = const { Cell::new(None) };
    /// The last time that this thread was to work alone.
    static ALONE: Cell<Option<Alone>> = const { Cell::new(None) };
}

#[derive(Clone, Copy)]
struct Alone {
    until: Instant,
    length: Duration,
}

/// Whether this thread is to work alone at the moment.
#[inline]
pub fn is_alone() -> bool {
    ALONE.get().is_some_and(Alone::holds)
}

impl Alone {
    fn holds(self) -> bool {
        let now = Instant::now();
        if now > self.until + FORGOTTEN * self.length {
            ALONE.set(None);
        }
        now < self.until
    }
}

/// Whether this thread shares work at the moment, which is judged as a whole.
pub fn is_judged() -> bool {
    OWN.get().is_some()
}

/// Runs what shares so many pieces, and finds out whether that took longer than it takes alone.
pub fn share<R>(pieces: usize, f: impl FnOnce() -> R) -> R {
    OWN.set(Some((0, Duration::ZERO)));
    let start = Instant::now();
    let result = f();
    let took = start.elapsed();
    if let Some((own @ 1.., time)) = OWN.take() {
        let alone = time.mul_f64(pieces as f64 / f64::from(own));
        lose(took.saturating_sub(alone));
    }
    result
}

/// Runs so many pieces of it, or of what another thread shares.
pub fn pieces<R>(count: usize, f: impl FnOnce() -> R) -> R {
    let start = Instant::now();
    let result = f();
    if let Some((own, time)) = OWN.get() {
        OWN.set(Some((own + count as u32, time + start.elapsed())));
    }
    result
}

fn lose(time: Duration) {
    if time > HICCUP {
        let longer = ALONE.get().map_or(time, |last| time.max(2 * last.length));
        let length = longer.min(LONGEST);
        ALONE.set(Some(Alone { until: Instant::now() + length, length }));
    }
}
