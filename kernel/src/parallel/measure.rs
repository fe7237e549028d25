//! How much of some work several threads take part in.

use core::cell::Cell;
use std::time::{Duration, Instant};

std::thread_local! {
    /// What the pieces that this thread has shared with others have taken, while that is measured.
    static SHARED: Cell<Option<Duration>> = const { Cell::new(None) };
}

/// Runs `f`, and says for how long of that the calling thread shared its work with others: what is left
/// ran on one thread alone.
///
/// ```
/// use formwork_kernel::parallel;
///
/// let pool = rayon_core::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
/// let wait = |_| std::thread::sleep(std::time::Duration::from_millis(5));
/// let shared = |cost| {
///     pool.install(|| parallel::measure(|| parallel::for_each(2, cost, wait))).1
/// };
/// assert!(shared(1_000_000).as_millis() >= 5);
/// assert_eq!(shared(0).as_millis(), 0); // not worth a second thread
/// ```
pub fn measure<R>(f: impl FnOnce() -> R) -> (R, Duration) {
    let before = SHARED.replace(Some(Duration::ZERO));
    let result = f();
    (result, SHARED.replace(before).unwrap_or_default())
}

/// How much of what [`measure`] runs at the moment was shared until now.
#[must_use]
pub fn shared_so_far() -> Duration {
    SHARED.get().unwrap_or_default()
}

/// Runs what forks and joins.
#[inline]
pub(super) fn shared<R>(f: impl FnOnce() -> R) -> R {
    // What it forks further is a part of it.
    let Some(sum) = SHARED.take() else { return f() };
    let start = Instant::now();
    let result = f();
    SHARED.set(Some(sum + start.elapsed()));
    result
}
