use crate::numbers;
use formwork::kernel::{MatMut, MatRef, columns, elementwise, gemm, parallel, reduce};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[test]
fn pieces_are_each_run_once() {
    let mut x = vec![0_u32; 1003];
    parallel::for_each_chunk(&mut x, 10, usize::MAX, |i, chunk| {
        chunk.iter_mut().for_each(|x| *x += 1 + i as u32);
    });
    assert!(x.iter().enumerate().all(|(at, &x)| x == 1 + at as u32 / 10));

    let runs: Vec<AtomicUsize> = (0..77).map(|_| AtomicUsize::new(0)).collect();
    parallel::for_each(77, usize::MAX, |i| {
        runs[i].fetch_add(1, Ordering::Relaxed);
    });
    assert!(runs.iter().all(|n| n.load(Ordering::Relaxed) == 1));

    let sum = parallel::reduce(1003, 10, usize::MAX, |piece| piece.sum::<usize>(), |a, b| a + b);
    assert_eq!(sum, 1003 * 1002 / 2);
    assert_eq!(parallel::both(|| 1, || 2), (1, 2));
}

#[test]
fn nothing_is_forked_without_pieces_or_within_one() {
    parallel::for_each(0, usize::MAX, |_| unreachable!());
    parallel::for_each_chunk(&mut [0; 0], 3, usize::MAX, |_, _| unreachable!());
    parallel::for_each(2, usize::MAX, |_| assert_eq!(parallel::threads(), 1));
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

#[test]
fn the_pool_decides_on_the_number_of_threads() {
    assert_eq!(pool(1).install(parallel::threads), 1);
    assert_eq!(pool(3).install(parallel::threads), 3);
}

#[test]
fn cheap_work_is_shared_only_with_threads_that_are_awake() {
    const CHEAP: usize = 20_000;
    let counts = || [0, CHEAP, usize::MAX].map(parallel::threads_for);
    pool(3).install(|| {
        assert_eq!(counts(), [1, 1, 3]);
        assert_eq!(parallel::keep_awake(counts), [1, 3, 3]);
        assert_eq!(parallel::keep_awake_for(1_000_000, counts), [1, 3, 3]);
        // Not worth waking anybody up for.
        assert_eq!(parallel::keep_awake_for(1_000, counts), [1, 1, 3]);
        assert_eq!(counts(), [1, 1, 3]);
    });
    assert_eq!(pool(1).install(|| parallel::keep_awake(counts)), [1, 1, 1]);
}

/// The order in which pieces are joined shows in the string.
#[test]
fn a_reduction_is_the_same_tree_on_any_number_of_threads() {
    let tree = || {
        parallel::reduce(
            95,
            10,
            usize::MAX,
            |piece| format!("{}", piece.len()),
            |a, b| format!("({a} {b})"),
        )
    };
    let one = pool(1).install(tree);
    assert_eq!(one, "(((10 10) (10 (10 10))) ((10 10) (10 (10 5))))");
    assert_eq!(pool(4).install(tree), one);
}

#[test]
fn others_stay_awake_for_nested_and_simultaneous_work() {
    let count = AtomicUsize::new(0);
    let step = || {
        parallel::keep_awake(|| {
            parallel::keep_awake(|| {
                parallel::for_each(4, usize::MAX, |_| {
                    std::thread::sleep(Duration::from_micros(50));
                    count.fetch_add(1, Ordering::Relaxed);
                });
            });
        });
    };
    // From outside the pool, and from two threads of it at once.
    step();
    for threads in [2, 3, 5] {
        pool(threads).install(|| {
            for _ in 0..20 {
                rayon::join(step, step);
            }
        });
    }
    assert_eq!(count.into_inner(), 4 * (1 + 3 * 20 * 2));
}

#[test]
fn others_go_back_to_sleep_after_a_panic() {
    pool(3).install(|| {
        let result = std::panic::catch_unwind(|| parallel::keep_awake(|| panic!("as it should")));
        assert!(result.is_err());
        assert_eq!(parallel::keep_awake(|| 7), 7);
    });
}

/// What a thread has in its cache from one call, the next one finds there.
#[test]
fn pieces_go_to_the_same_threads_each_time() {
    pool(4).install(|| {
        for pieces in [4, 5, 100] {
            for _ in 0..50 {
                if parallel::threads_for(usize::MAX) < 4 {
                    continue; // other processes want the cores
                }
                let (all, first) = (Barrier::new(4), [const { AtomicUsize::new(usize::MAX) }; 4]);
                parallel::for_each(pieces, usize::MAX, |i| {
                    let thread = rayon::current_thread_index().unwrap();
                    // Nobody can take others' pieces before all have begun with their own.
                    if first[thread].load(Ordering::Relaxed) == usize::MAX {
                        first[thread].store(i, Ordering::Relaxed);
                        all.wait();
                    }
                });
                let runs = pieces.min(16);
                let expected = [0, 1, 2, 3].map(|thread| pieces * (runs * thread / 4) / runs);
                assert_eq!(first.map(AtomicUsize::into_inner), expected, "of {pieces} pieces");
            }
        }
    });
}

/// A thread that stands still in the midst of a piece, as one does whose core another process has.
#[test]
fn whoever_waited_for_long_works_alone_for_a_while() {
    pool(2).install(|| {
        let (caller, begun) = (std::thread::current().id(), AtomicUsize::new(0));
        let wait_once = || {
            parallel::for_each(2, usize::MAX, |_| {
                begun.fetch_add(1, Ordering::Relaxed);
                if std::thread::current().id() != caller {
                    std::thread::sleep(Duration::from_millis(60));
                } else {
                    // Not before the other thread has the other piece, or this one would take it.
                    while begun.load(Ordering::Relaxed) % 2 == 1 {
                        std::thread::yield_now();
                    }
                }
            });
            parallel::threads_for(usize::MAX)
        };
        assert!((0..20).any(|_| wait_once() == 1), "20 times 60 ms were lost");
        std::thread::sleep(Duration::from_millis(120));
        assert_eq!(parallel::threads_for(usize::MAX), 2);
    });
}

/// Counts what the threads of one pool allocate.
struct Counting;

static COUNT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static COUNTED: Cell<bool> = const { Cell::new(false) };
}

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if COUNTED.get() {
            COUNT.fetch_add(1, Ordering::Relaxed);
        }
        // SAFETY: as this function's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as this function's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn kernels_allocate_nothing() {
    let (m, k, n) = (130, 200, 220);
    let (a, b): (Vec<f32>, Vec<f32>) = (numbers(m * k, 1), numbers(k * n, 2));
    let (mut c, mut total) = (vec![0.0_f32; m * n], vec![0.0_f32; m]);
    let (mut x, mut y) = (numbers::<f32>(300_000, 3), numbers::<f32>(300_000, 4));
    let mut step = || {
        for a in [MatRef::row_major(&a, m, k), MatRef::col_major(&a, m, k)] {
            for b in [MatRef::row_major(&b, k, n), MatRef::col_major(&b, k, n)] {
                parallel::keep_awake(|| gemm(MatMut::col_major(&mut c, m, n), 0.0, a, b));
            }
        }
        columns::add_sum(&mut total, &c, m, 0);
        columns::transpose(&mut y, &x, 600, 500);
        elementwise::zip(&mut x, &y, |x, y| x - 0.1 * y);
        std::hint::black_box(reduce::dot(&x, &y));
    };
    let counted = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    counted.install(|| {
        rayon::broadcast(|_| COUNTED.set(true));
        drop(std::hint::black_box(Box::new(1)));
        assert!(COUNT.load(Ordering::Relaxed) > 0, "the counter counts");
        // A thread allocates its room at its first product, and rayon once when a thread first looks for
        // work: a busy machine may put both off. What kernels allocate would be in every hundred steps.
        let mut in_steps = || {
            let before = COUNT.load(Ordering::Relaxed);
            (0..100).for_each(|_| step());
            COUNT.load(Ordering::Relaxed) - before
        };
        assert!((0..20).any(|_| in_steps() == 0), "kernels allocate");
        rayon::broadcast(|_| COUNTED.set(false));
    });
}
