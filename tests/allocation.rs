//! All memory is allocated at the start, and as much of it as `WORKSPACE` says. One test in a
//! binary of its own, since the allocator counts for all threads.

use formwork::data::{Batch, Classes, Grid, Sequences};
use formwork::kernel::{MatMut, MatRef, gemm};
use formwork::optim::{Adam, Optimizer, clip};
use formwork::prelude::*;
use formwork::train::Groups;
use rand::SeedableRng;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

struct Counting;

/// Allocations by the threads of a pool, apart from those that the test harness makes meanwhile.
static CALLS: AtomicUsize = AtomicUsize::new(0);
thread_local! {
    static IN_POOL: Cell<bool> = const { Cell::new(false) };
}

static ALLOCATED: AtomicUsize = AtomicUsize::new(0);
static FREED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.fetch_add(usize::from(IN_POOL.get()), SeqCst);
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
        conv: Conv2d<4, 3, pad = 1>,
        Relu,
        MaxPool<2>,
        Product { { Identity }, { GlobalMaxPool, excite: Dense<4>, Sigmoid } },
        down: Residual { conv: Conv2d<5, 3, stride = 2, same = 1> } around { AvgPool<2>, conv: Conv2d<5, 1> },
        fc1: Dense<100>,
        BatchNorm,
        Relu,
        block: Residual { fc: Dense<100>, LayerNorm, Tanh },
        Dropout(0.25),
        Concat { { wide: Conv2d<30, 1> }, { deep: Dense<50>, Gelu, out: Dense<20> } },
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

/// How often memory is allocated in each of some steps after the first: in the first stretch of them that
/// allocates nothing, of as many as `stretches`, or in the last.
fn calls_in(stretches: usize, mut step: impl FnMut()) -> [usize; STEPS] {
    let mut calls = || {
        let before = CALLS.load(SeqCst);
        step();
        CALLS.load(SeqCst) - before
    };
    calls();
    let mut stretch = || [(); STEPS].map(|()| calls());
    let rest = (1..stretches).map(|_| ());
    rest.fold(stretch(), |counts, ()| if counts == [0; STEPS] { counts } else { stretch() })
}

/// Steps of images and of numbers.
fn calls_in_steps(stretches: usize) -> [usize; STEPS] {
    let mut model = Model::<Net>::new(&mut Generator::seed_from_u64(1));
    let mut workspace = Workspace::<Net>::new(COLUMNS, 1);
    let mut groups = Groups::<Net, Classes<10>>::with_count(4, COLUMNS, 1);
    let mut inference = Inference::<Net>::new(COLUMNS);
    let mut adam = Adam::new(0.01);
    let inputs = (0..COLUMNS * 192).map(|i| (i % 7) as f32 - 3.0).collect();
    let inputs = Batch::<Grid<3, 8, 8>>::from_vec(inputs).unwrap();
    let targets = (0..COLUMNS as u32).map(|i| i % 10).collect();
    let targets = Batch::<Classes<10>>::from_vec(targets).unwrap();
    calls_in(stretches, || {
        let mut step = workspace.forward(&mut model, &inputs);
        let loss = step.loss(&SoftmaxCrossEntropy::default(), &targets);
        let gradient = step.backward();
        adam.step(model.parameters_mut(), gradient);
        let (other, gradient) =
            groups.pass(&mut model, &SoftmaxCrossEntropy::default(), &inputs, &targets);
        adam.step(model.parameters_mut(), gradient);
        let outputs = inference.run(&model, &inputs);
        assert!((loss + other).is_finite() && outputs.len() == COLUMNS * 10);
    })
}

network! {
    struct Deep: Image<1, 28, 28> => Vector<10> {
        conv1: Conv2d<16, 3, pad = 1>,
        Relu,
        conv2: Conv2d<16, 3, pad = 1>,
        Relu,
        MaxPool<2>,
        fc: Dense<10>,
    }
}

/// Bytes that a workspace for batches of 100 samples holds, and groups for one thread.
fn in_groups() -> [usize; 2] {
    let before = held();
    let _workspace = Workspace::<Deep>::new(100, 1);
    let whole = held() - before;
    let before = held();
    let groups = Groups::<Deep, Classes<10>>::new(100, 1);
    assert_eq!(groups.count(), 16);
    [whole, held() - before]
}

const WORDS: usize = 600;

network! {
    struct Speaker: Token<WORDS> => Vector<WORDS> {
        embed: Embedding<64>,
        Dropout(0.25),
        lstm: Lstm<64>,
        gru: Gru<64>,
        head: Dense<WORDS> tied to embed,
    }
}

/// Steps of a language model, that of the text included: training, inference, and streams of one
/// lane and of several, which have kernels of their own.
fn calls_in_steps_of_text(stretches: usize) -> [usize; STEPS] {
    const LANES: usize = 8;
    let mut model = Model::<Speaker>::new(&mut Generator::seed_from_u64(1));
    let spoken = model.clone();
    let mut workspace = Workspace::<Speaker>::with_lanes(COLUMNS, LANES, 1);
    let mut inference = Inference::<Speaker>::with_lanes(COLUMNS, LANES);
    let (mut one, mut several) = (Stream::new(&spoken, 1), Stream::new(&spoken, LANES));
    let mut adam = Adam::new(0.01);
    let text: Vec<u32> = (0..2000).map(|i| i * i % WORDS as u32).collect();
    let mut text = Sequences::<WORDS>::new(&text, LANES, COLUMNS / LANES).unwrap();
    calls_in(stretches, || {
        let (inputs, targets) = text.next_batch();
        let mut step = workspace.forward(&mut model, inputs);
        let loss = step.loss(&SoftmaxCrossEntropy::default(), targets);
        let gradient = step.backward();
        let factor = clip::factor(clip::norm(gradient).unwrap(), 0.25);
        adam.step_scaled(model.parameters_mut(), gradient, factor);
        let outputs = inference.run(&model, inputs);
        assert!(loss.is_finite() && outputs.len() == COLUMNS * WORDS);
        for ids in inputs.data().chunks_exact(LANES) {
            assert_eq!(several.step(ids).len(), LANES * WORDS);
            assert_eq!(one.step(&ids[..1]).len(), WORDS);
        }
    })
}

/// The first product on a thread whose operands are copied, for which the thread allocates memory. On
/// which threads the products of a network run is a matter of chance.
fn first_product() {
    let (a, b, mut c) = ([1.0_f32; 64 * 64], [1.0; 64 * 100], [0.0; 64 * 100]);
    let (a, b) = (MatRef::row_major(&a, 64, 64), MatRef::row_major(&b, 64, 100));
    gemm(MatMut::col_major(&mut c, 64, 100), 0.0, a, b);
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

    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let [whole, groups] = pool.install(in_groups);
    assert!(groups < whole / 5, "groups take {groups} of {whole}");

    // On several threads rayon allocates once more, when a thread first looks for work: soon, or on a busy
    // machine late.
    for (threads, stretches) in [(1, 1), (2, 20)] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.start_handler(|_| {
            first_product();
            IN_POOL.set(true);
        });
        let pool = pool.build().unwrap();
        let calls = pool.install(|| [calls_in_steps(stretches), calls_in_steps_of_text(stretches)]);
        assert_eq!(calls, [[0; STEPS]; 2], "allocations in each step on {threads} threads");
    }
}
