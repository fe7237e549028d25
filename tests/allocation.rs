//! All memory is allocated at the start, and as much of it as `WORKSPACE` says. One test in a
//! binary of its own, since the allocator counts for all threads.

use formwork::data::{Batch, Classes, Grid};
use formwork::optim::{Adam, Optimizer};
use formwork::prelude::*;
use rand::SeedableRng;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

struct Counting;

static CALLS: AtomicUsize = AtomicUsize::new(0);
static ALLOCATED: AtomicUsize = AtomicUsize::new(0);
static FREED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.fetch_add(1, SeqCst);
        ALLOCATED.fetch_add(layout.size(), SeqCst);
        // SAFETY: as this function's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        FREED.fetch_add(layout.size(), SeqCst);
        // SAFETY: as this function's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn held() -> usize {
    ALLOCATED.load(SeqCst) - FREED.load(SeqCst)
}

network! {
    struct Net: Image<3, 8, 8> => Vector<10> {
        fc1: Dense<100>,
        BatchNorm,
        Relu,
        block: Residual { fc: Dense<100>, LayerNorm, Tanh },
        Dropout(0.25),
        Concat { { wide: Dense<30> }, { deep: Dense<50>, Gelu, out: Dense<20> } },
        fc2: Dense<10>,
    }
}

const COLUMNS: usize = 64;
const STEPS: usize = 50;

/// Bytes that a workspace and an inference hold.
fn sizes() -> [usize; 2] {
    let before = held();
    let _workspace = Workspace::<Net>::new(COLUMNS, 1);
    let training = held() - before;
    let before = held();
    let _inference = Inference::<Net>::new(COLUMNS);
    [training, held() - before]
}

/// How often memory is allocated in each of a few steps after the first.
fn calls_in_steps() -> [usize; STEPS] {
    let mut model = Model::<Net>::new(&mut Generator::seed_from_u64(1));
    let mut workspace = Workspace::<Net>::new(COLUMNS, 1);
    let mut inference = Inference::<Net>::new(COLUMNS);
    let mut adam = Adam::new(0.01);
    let inputs = (0..COLUMNS * 192).map(|i| (i % 7) as f32 - 3.0).collect();
    let inputs = Batch::<Grid<3, 8, 8>>::from_vec(inputs).unwrap();
    let targets = (0..COLUMNS as u32).map(|i| i % 10).collect();
    let targets = Batch::<Classes<10>>::from_vec(targets).unwrap();
    let mut step = || {
        let before = CALLS.load(SeqCst);
        workspace.forward(&model, &inputs);
        let loss = workspace.loss(&SoftmaxCrossEntropy::default(), &targets);
        workspace.backward(&model, &inputs);
        adam.step(model.parameters_mut(), workspace.gradient_mut());
        workspace.observe(&mut model);
        let outputs = inference.run(&model, &inputs);
        assert!(loss.is_finite() && outputs.len() == COLUMNS * 10);
        CALLS.load(SeqCst) - before
    };
    step();
    [(); STEPS].map(|()| step())
}

#[test]
fn memory_is_allocated_once_and_as_announced() {
    let [training, inference] = sizes();
    let gradient = Net::PARAMETER_BYTES;
    let announced = Net::WORKSPACE.bytes(COLUMNS);
    let beside = training - gradient;
    // Pieces are rounded up to 64 bytes; there are fewer than a hundred.
    assert!(announced <= beside && beside <= announced + 6400, "{announced} of {beside}");
    assert!(inference < announced / 2, "inference takes {inference} of {announced}");

    // Between threads, rayon's own queues may grow or make room now and then.
    for (threads, most) in [(1, 0), (2, 2)] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let calls = pool.install(calls_in_steps);
        let steps = calls.iter().filter(|calls| **calls > 0).count();
        assert!(steps <= most, "allocations in each step on {threads} threads: {calls:?}");
    }
}
