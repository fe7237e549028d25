//! A process that is forked from one with a pool of threads, of which the child has none.
#![cfg(all(unix, feature = "parallel"))]

use formwork::data::{Dataset, Values};
use formwork::kernel::parallel;
use formwork::loss::MeanSquaredError;
use formwork::optim::Sgd;
use formwork::prelude::*;
use formwork::train::Trainer;
use rand::SeedableRng;
use std::time::{Duration, Instant};

network! {
    /// Large enough for its products to be shared.
    struct Wide: Vector<256> => Vector<256> { fc1: Dense<512>, Relu, fc2: Dense<256> }
}

/// An epoch of training: the bits of its parameters.
fn train(threads: Option<usize>) -> Vec<u32> {
    let inputs: Vec<f32> = (0..256 * 128).map(|i| (i % 101) as f32 / 101.0).collect();
    let data = Dataset::<_, Values<256>>::from_vecs(inputs.clone(), inputs).unwrap();
    let mut model = Model::<Wide>::new(&mut Generator::seed_from_u64(1));
    let mut trainer = Trainer::new(Sgd::new(0.1)).epochs(1).batch_size(64).silent();
    if let Some(threads) = threads {
        trainer = trainer.threads(threads);
    }
    let mut rng = Generator::seed_from_u64(2);
    trainer.fit(&mut model, &MeanSquaredError, &data, &mut rng).unwrap();
    model.parameters().iter().map(|p| p.to_bits()).collect()
}

/// Whether `test` holds in a fork of this process, which has a minute.
fn in_a_fork(test: impl FnOnce() -> bool) -> bool {
    // SAFETY: the child has this thread alone; it calls `test`, which waits for no other, and ends
    // without what a return from here would run.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "a fork");
    if child == 0 {
        let holds = std::panic::catch_unwind(std::panic::AssertUnwindSafe(test));
        // SAFETY: ends the process.
        unsafe { libc::_exit(i32::from(!matches!(holds, Ok(true)))) };
    }
    let (begin, mut status) = (Instant::now(), 0);
    // SAFETY: `child` is one of this process's, and `status` is there to be written.
    while unsafe { libc::waitpid(child, &raw mut status, libc::WNOHANG) } == 0 {
        if begin.elapsed() > Duration::from_secs(60) {
            // SAFETY: as above; it has not been waited for.
            unsafe { libc::kill(child, libc::SIGKILL) };
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0
}

/// One test, since a fork has the locks of all other threads as they are.
#[test]
fn a_fork_does_without_the_threads_that_it_lacks() {
    rayon::ThreadPoolBuilder::new().num_threads(2).build_global().unwrap();
    assert_eq!(parallel::threads(), 2);
    let expected = train(None);

    // The child computes alone, with the same bits,
    assert!(in_a_fork(|| parallel::threads() == 1 && train(None) == expected));
    let sum = |piece: std::ops::Range<usize>| piece.sum::<usize>();
    let reduce = || parallel::reduce(100, 1, usize::MAX, sum, |a, b| a + b);
    assert!(in_a_fork(|| parallel::both(reduce, || 2) == (4950, 2)));
    assert!(in_a_fork(|| parallel::keep_awake(reduce) == 4950));
    // or with threads of its own.
    assert!(in_a_fork(|| train(Some(2)) == expected));
    let pool = || rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    assert!(in_a_fork(|| pool().install(|| parallel::threads() == 2 && reduce() == 4950)));
    // The same where a thread of a pool forks.
    assert!(pool().install(|| {
        assert_eq!(parallel::threads(), 2);
        in_a_fork(|| parallel::threads() == 1 && train(None) == expected)
    }));
    assert_eq!(parallel::threads(), 2, "this process still has its threads");
}
