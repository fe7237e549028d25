//! That a step allocates nothing.

use crate::{moons, net};
use formwork::optim::Adam;
use formwork::optim::schedule::Cosine;
use formwork::prelude::*;
use formwork::train::{Record, Report, Trainer};
use rand::SeedableRng;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Mutex;

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
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

/// Notes how many allocations its thread, which is the trainer's, has made at each step.
struct Counts<'a>(&'a Mutex<Vec<usize>>);

impl Report for Counts<'_> {
    fn step(&mut self, _: f64) {
        self.0.lock().unwrap().push(COUNT.get());
    }

    fn end(&mut self, _: &Record) {}
}

#[test]
fn a_step_allocates_nothing() {
    counted(1);
}

#[test]
fn a_step_in_groups_allocates_nothing() {
    counted(4);
}

fn counted(groups: usize) {
    let (train, test) = moons();
    let counts = Mutex::new(Vec::with_capacity(100));
    Trainer::new(Adam::new(0.1))
        .epochs(2)
        .batch_size(20)
        .groups(groups)
        .clip_norm(1.0)
        .schedule(Cosine::new(2.0))
        .validate(&test)
        .record_steps()
        .report(Counts(&counts))
        .fit(&mut net(1), &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(1))
        .unwrap();
    let counts = counts.into_inner().unwrap();
    // 150 samples are seven batches of 20 and one of 10.
    assert_eq!(counts.len(), 16);
    for epoch in counts.chunks(8) {
        assert!(epoch[0] > 0, "the counter counts");
        assert_eq!(epoch, [epoch[0]; 8]);
    }
}
