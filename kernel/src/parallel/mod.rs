//! Fork and join.
//!
//! Work is given as independent pieces and an estimate of what it costs. What is cheap, what is
//! already inside a piece of something larger, and everything without the feature `parallel` runs
//! as a plain loop on the calling thread. Otherwise the threads of the current rayon pool share
//! the pieces; to use fewer, call from inside a pool with fewer.
//!
//! Which thread runs a piece never changes a result, but as far as may be it is the same each time: what
//! it has in its cache is still of use. Nothing here allocates when called from a
//! thread of the pool.
//!
//! Where other processes keep the cores busy, so that sharing costs more time than it saves, the calling
//! thread does more of the work alone.
//!
//! Of the threads of a process its fork has one. Where it finds itself in a pool that it has inherited,
//! that one does all the work; a pool of its own (`rayon::ThreadPoolBuilder`) has threads again.

#[cfg(feature = "parallel")]
mod awake;
#[cfg(feature = "parallel")]
mod crowded;
#[cfg(feature = "parallel")]
mod inherited;
#[cfg(feature = "parallel")]
mod measure;
#[cfg(feature = "parallel")]
mod runs;
mod share;

#[cfg(feature = "parallel")]
pub use measure::{measure, shared_so_far};

pub use share::{Chunks, Share};

use core::ops::Range;

/// The cost in nanoseconds from which on work is worth a second thread.
///
/// That thread sleeps and has the operands in no cache: on a quiet machine, halves of products of
/// 50 microseconds finished after 70.
const WORTHWHILE: usize = 60_000;
/// The same for work that the other threads are [awake](keep_awake) for.
#[cfg(feature = "parallel")]
const WORTHWHILE_AWAKE: usize = 10_000;

/// The number of threads that share work which takes about `cost` nanoseconds on one core.
///
/// 1 for what is cheap, for what is a piece of something larger already, and for a while where other
/// processes want the cores, too.
#[inline]
#[must_use]
pub fn threads_for(cost: usize) -> usize {
    #[cfg(feature = "parallel")]
    if cost >= WORTHWHILE || (cost >= WORTHWHILE_AWAKE && awake::inside()) {
        return sharing();
    }
    let _ = (cost, WORTHWHILE);
    1
}

/// The threads of the current pool, or 1 inside a piece of something larger, and of a pool of a
/// process that this one was forked from.
#[inline]
#[must_use]
pub fn threads() -> usize {
    #[cfg(feature = "parallel")]
    if !nested::get() && !inherited::is_inherited() {
        return rayon_core::current_num_threads();
    }
    1
}

/// The number of this thread in its pool; 0 outside of any.
#[must_use]
pub fn thread() -> usize {
    #[cfg(feature = "parallel")]
    return rayon_core::current_thread_index().unwrap_or(0);
    #[cfg(not(feature = "parallel"))]
    0
}

/// The threads that may share work at the moment.
#[inline]
#[cfg_attr(not(feature = "parallel"), expect(dead_code, reason = "nothing is shared"))]
fn sharing() -> usize {
    #[cfg(feature = "parallel")]
    if !crowded::is_alone() {
        return threads();
    }
    1
}

/// Runs `work` on a thread of the current pool, from where sharing the work of a single product
/// costs least.
#[cfg(feature = "parallel")]
pub fn in_pool<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    if inherited::is_inherited() { work() } else { rayon_core::scope(|_| work()) }
}

/// Calls `f(0), .., f(pieces - 1)`, in any order and possibly at once.
///
/// `cost` is about how many nanoseconds all pieces take together on one core.
///
/// ```
/// use core::sync::atomic::{AtomicUsize, Ordering};
/// let sum = AtomicUsize::new(0);
/// formwork_kernel::parallel::for_each(5, 1_000_000, |i| {
///     sum.fetch_add(i, Ordering::Relaxed);
/// });
/// assert_eq!(sum.into_inner(), 10);
/// ```
#[inline]
pub fn for_each(pieces: usize, cost: usize, f: impl Fn(usize) + Sync) {
    for_each_share(pieces, cost, (), |i, ()| f(i));
}

/// Calls `f(i, chunk i)` for the chunks of `x`, each of `len` scalars but for a shorter last one.
///
/// `cost` is about how many nanoseconds all chunks take together on one core.
///
/// # Panics
/// If `len` is 0.
pub fn for_each_chunk<T: Send>(
    x: &mut [T],
    len: usize,
    cost: usize,
    f: impl Fn(usize, &mut [T]) + Sync,
) {
    for_each_share(x.len().div_ceil(len), cost, Chunks(x, len), f);
}

/// Calls `f(i, share i)` for each of the pieces, where a share is a chunk of a slice, or one of each
/// of several.
///
/// `cost` is about how many nanoseconds all pieces take together on one core.
///
/// ```
/// use formwork_kernel::parallel::{Chunks, for_each_share};
///
/// let (mut words, mut lengths) = (*b"formwork", [0; 4]);
/// for_each_share(4, 1_000, (Chunks(&mut words, 3), Chunks(&mut lengths, 1)), |i, (word, length)| {
///     word.make_ascii_uppercase();
///     length[0] = 10 * i + word.len();
/// });
/// assert_eq!((words, lengths), (*b"FORMWORK", [3, 13, 22, 30]));
/// ```
pub fn for_each_share<S: Share>(
    pieces: usize,
    cost: usize,
    shares: S,
    f: impl Fn(usize, S::Piece) + Sync,
) {
    #[cfg(feature = "parallel")]
    if pieces > 1 && threads_for(cost) > 1 {
        return shared(pieces, || runs::deal(pieces, shares, &f));
    }
    let _ = cost;
    in_order(0..pieces, shares, &f);
}

/// Runs what forks and joins so many pieces.
#[inline]
fn shared<R>(pieces: usize, f: impl FnOnce() -> R) -> R {
    #[cfg(feature = "parallel")]
    return measure::shared(|| crowded::share(pieces, f));
    #[cfg(not(feature = "parallel"))]
    {
        let _ = pieces;
        f()
    }
}

#[inline(never)]
fn in_order<S: Share>(range: Range<usize>, mut shares: S, f: &impl Fn(usize, S::Piece)) {
    for i in range {
        let (share, rest) = shares.cut(1);
        shares = rest;
        f(i, share.piece());
    }
}

/// Reduces `0..len` in pieces of `piece` indices: `f` gives the value of a piece, `join` that of
/// two neighbours.
///
/// The tree of pieces depends on `len` and `piece` alone, so floating-point sums come out the
/// same on any number of threads. `cost` is about how many nanoseconds it takes on one core.
///
/// # Panics
/// If `piece` is 0.
pub fn reduce<R: Send>(
    len: usize,
    piece: usize,
    cost: usize,
    f: impl Fn(Range<usize>) -> R + Sync,
    join: impl Fn(R, R) -> R + Sync,
) -> R {
    if len > piece && threads_for(cost) > 1 {
        shared(len.div_ceil(piece), || reduce_range(0..len, piece, true, &f, &join))
    } else {
        reduce_range(0..len, piece, false, &f, &join)
    }
}

fn reduce_range<R: Send>(
    range: Range<usize>,
    piece: usize,
    fork: bool,
    f: &(impl Fn(Range<usize>) -> R + Sync),
    join: &(impl Fn(R, R) -> R + Sync),
) -> R {
    let pieces = range.len().div_ceil(piece);
    if pieces <= 1 {
        return if fork { in_pieces(1, || f(range)) } else { f(range) };
    }
    let middle = range.start + pieces / 2 * piece;
    let left = || reduce_range(range.start..middle, piece, fork, f, join);
    let right = || reduce_range(middle..range.end, piece, fork, f, join);
    let (left, right) = if fork { both(left, right) } else { (left(), right()) };
    join(left, right)
}

/// Calls both closures, possibly at once.
#[inline]
pub fn both<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    let (mut a, mut b) = (Once::new(a), Once::new(b));
    call_both(&mut || a.call(), &mut || b.call());
    (a.result(), b.result())
}

/// Calls both closures, possibly at once, of which one takes as long as the other.
#[inline]
pub fn halves<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    #[cfg(feature = "parallel")]
    if !crowded::is_judged() {
        return shared(2, || both(|| crowded::pieces(1, a), b));
    }
    both(a, b)
}

/// Not generic, so that what forks and joins is compiled once and not for each pair of closures.
fn call_both(a: &mut (dyn FnMut() + Send), b: &mut (dyn FnMut() + Send)) {
    #[cfg(feature = "parallel")]
    if sharing() > 1 {
        measure::shared(|| rayon_core::join(|| inherited::asked(a), || inherited::asked(b)));
        return;
    }
    a();
    b();
}

/// A closure that is called once, through a reference to it, and what it returned.
struct Once<F, R> {
    f: Option<F>,
    result: Option<R>,
}

impl<R, F: FnOnce() -> R> Once<F, R> {
    #[inline(always)]
    fn new(f: F) -> Self {
        Self { f: Some(f), result: None }
    }

    #[inline(always)]
    fn call(&mut self) {
        self.result = self.f.take().map(|f| f());
    }

    #[inline(always)]
    fn result(self) -> R {
        self.result.expect("it was called")
    }
}

/// Runs `f` while the other threads of the pool stay awake for the pieces of work that it forks.
///
/// A thread that has had nothing to do for some ten microseconds goes to sleep, and takes longer
/// than that to wake up: longer than a piece of a small network takes. Put this around work in which
/// much is forked and little is not, since the other threads are busy waiting.
///
/// ```
/// use formwork_kernel::parallel;
/// let sum = parallel::keep_awake(|| {
///     parallel::reduce(100, 10, 1_000_000, |piece| piece.sum::<usize>(), |a, b| a + b)
/// });
/// assert_eq!(sum, 4950);
/// ```
pub fn keep_awake<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    keep_some_awake(usize::MAX, f)
}

/// As [`keep_awake`], for as many of the other threads as are worth waking up for work of so many
/// nanoseconds on one core; a step of training does this by itself.
pub fn keep_awake_for<R: Send>(cost: usize, f: impl FnOnce() -> R + Send) -> R {
    keep_some_awake(cost / WORTHWHILE, f)
}

fn keep_some_awake<R: Send>(most: usize, f: impl FnOnce() -> R + Send) -> R {
    let mut f = Once::new(f);
    call_beside(most, &mut || f.call());
    f.result()
}

/// Not generic, as [`call_both`].
fn call_beside(most: usize, f: &mut (dyn FnMut() + Send)) {
    #[cfg(feature = "parallel")]
    if most > 0 && !awake::inside() && sharing() > 1 {
        return awake::beside(most.min(threads() - 1), &mut || inherited::asked(&mut *f));
    }
    let _ = most;
    f();
}

/// Runs `f` on the calling thread alone: nothing that it calls is shared with other threads, and no pool
/// of them is started, waited for or woken up.
///
/// ```
/// use formwork_kernel::parallel;
/// assert_eq!(parallel::alone(parallel::threads), 1);
/// ```
pub fn alone<R>(f: impl FnOnce() -> R) -> R {
    inside_a_piece(f)
}

/// Runs so many pieces of what is shared, inside of which nothing forks again.
fn in_pieces<R>(count: usize, f: impl FnOnce() -> R) -> R {
    #[cfg(feature = "parallel")]
    return crowded::pieces(count, || inside_a_piece(f));
    #[cfg(not(feature = "parallel"))]
    {
        let _ = count;
        f()
    }
}

/// Runs `f`; what it calls does not fork again.
fn inside_a_piece<R>(f: impl FnOnce() -> R) -> R {
    #[cfg(feature = "parallel")]
    let _guard = nested::enter();
    f()
}

#[cfg(feature = "parallel")]
mod nested {
    use core::cell::Cell;

    std::thread_local! {
        static NESTED: Cell<bool> = const { Cell::new(false) };
    }

    /// Whether this thread is running a piece.
    #[inline]
    pub fn get() -> bool {
        NESTED.get()
    }

    /// Marks this thread until the guard is dropped, also by a panic.
    pub fn enter() -> Guard {
        Guard(NESTED.replace(true))
    }

    pub struct Guard(bool);

    impl Drop for Guard {
        fn drop(&mut self) {
            NESTED.set(self.0);
        }
    }
}
