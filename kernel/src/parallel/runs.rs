//! Pieces of work dealt out to threads, each time in the same way.
//!
//! What a thread has in its cache from one call, a part of a batch or of a matrix of weights, the next
//! call finds there, provided that as many pieces go over the same. Who is done with the own pieces takes
//! others', so that nobody waits for a thread that does something else.

use super::{Share, both, in_order, in_pieces, thread, threads};
use core::ops::Range;
use std::sync::Mutex;

/// The most runs of pieces that are dealt out.
const MOST: usize = 64;
/// So many runs for each thread: what is left over when a thread is late is a part of its pieces.
const EACH: usize = 4;

/// Runs of consecutive pieces, to be taken each by one thread.
struct Runs<S> {
    pieces: usize,
    count: usize,
    /// Those that are still there.
    shares: [Mutex<Option<S>>; MOST],
}

/// Calls `f` for each of the pieces with its share.
pub fn deal<S: Share>(pieces: usize, mut shares: S, f: &(impl Fn(usize, S::Piece) + Sync)) {
    let threads = threads().min(pieces);
    let count = pieces.min(EACH * threads).min(MOST);
    let mut runs = Runs { pieces, count, shares: [const { Mutex::new(None) }; MOST] };
    for run in 0..count {
        let (share, rest) = shares.cut(runs.of(run).len());
        runs.shares[run] = Mutex::new(Some(share));
        shares = rest;
    }
    fork(threads, &|| runs.work(threads, f));
}

/// Runs `work` on so many threads, as far as they have time.
fn fork(threads: usize, work: &(dyn Fn() + Sync)) {
    match threads {
        0 | 1 => work(),
        _ => drop(both(|| fork(threads.div_ceil(2), work), || fork(threads / 2, work))),
    }
}

impl<S: Share> Runs<S> {
    /// The pieces of a run.
    fn of(&self, run: usize) -> Range<usize> {
        self.pieces * run / self.count..self.pieces * (run + 1) / self.count
    }

    /// Takes the runs that are this thread's of so many, and then others'.
    fn work(&self, threads: usize, f: &impl Fn(usize, S::Piece)) {
        let home = thread() % threads;
        let own = self.count * home / threads..self.count * (home + 1) / threads;
        let others = (own.end..self.count).chain(0..own.start).rev();
        for run in own.clone().chain(others) {
            let share = self.shares[run].lock().map_or(None, |mut share| share.take());
            if let Some(share) = share {
                let range = self.of(run);
                in_pieces(range.len(), || in_order(range, share, f));
            }
        }
    }
}
