//! Memory for firmware that has no other.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicUsize, Ordering};

/// A cache line, by which memory is given out.
const LINE: usize = 64;

/// A fixed amount of memory, given out from the start to the end, for firmware without an allocator:
/// what is allocated once, when the program starts, and stays.
///
/// A [`Stream`](crate::Stream) of one sequence takes at most [`Network::STREAM`](crate::Network::STREAM)
/// bytes when it is made, and none afterwards. So this is all the memory that there is beside the stack,
/// and whether it fits is known when the program is compiled:
///
/// ```
/// use formwork::{Heap, prelude::*};
///
/// network! { struct Sine: Vector<1> => Vector<1> { fc1: Dense<16>, Relu, fc2: Dense<1> } }
///
/// const BYTES: usize = Sine::STREAM;
/// const _: () = assert!(BYTES <= 16 * 1024); // or it does not compile
///
/// // Of firmware: #[global_allocator]
/// static HEAP: Heap<BYTES> = Heap::new();
/// # assert_eq!(HEAP.used(), 0);
/// ```
///
/// What was given out last can be given back. All else that is given back is not used again.
#[repr(C, align(64))]
pub struct Heap<const BYTES: usize> {
    memory: UnsafeCell<[u8; BYTES]>,
    used: AtomicUsize,
}

// SAFETY: each part of the memory is given out once, to the one who asked for it.
unsafe impl<const BYTES: usize> Sync for Heap<BYTES> {}

impl<const BYTES: usize> Heap<BYTES> {
    /// Memory of which nothing is used.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it is for statics")]
    pub const fn new() -> Self {
        Self { memory: UnsafeCell::new([0; BYTES]), used: AtomicUsize::new(0) }
    }

    /// Bytes that have been given out, each piece with what is left of its last cache line.
    #[must_use]
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Takes `size` bytes, rounded up to cache lines, if there are so many and `end` of them are used.
    fn take(&self, end: usize, size: usize) -> Option<usize> {
        let new = size.checked_next_multiple_of(LINE)?.checked_add(end)?;
        let fits = new <= BYTES.next_multiple_of(LINE) && end.checked_add(size)? <= BYTES;
        let swap = || self.used.compare_exchange(end, new, Ordering::AcqRel, Ordering::Acquire);
        (fits && swap().is_ok()).then_some(end)
    }
}

// SAFETY: `take` hands each range of bytes out once, as long as nobody gave it back who had it and whose it
// was alone; they lie inside the memory, which never moves in a static, and start on cache lines.
unsafe impl<const BYTES: usize> GlobalAlloc for Heap<BYTES> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > LINE {
            return core::ptr::null_mut();
        }
        loop {
            let end = self.used();
            match self.take(end, layout.size()) {
                Some(start) => return self.memory.get().cast::<u8>().wrapping_add(start),
                // Another thread or an interrupt was first.
                None if self.used() != end => {}
                None => return core::ptr::null_mut(),
            }
        }
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        let start = start.addr() - self.memory.get().addr();
        let end = start + layout.size().next_multiple_of(LINE);
        // Unless it was the last, in which case this fails, and it stays used.
        let _ = self.used.compare_exchange(end, start, Ordering::AcqRel, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn is_given_out_to_the_end_and_no_further() {
        let heap = Heap::<200>::new();
        // SAFETY: sizes are not 0, and each piece is used only while it is had.
        unsafe {
            let first = heap.alloc(layout(1, 1));
            let second = heap.alloc(layout(65, 64));
            assert_eq!(
                (second.addr() - first.addr(), first.addr() % 64, heap.used()),
                (64, 0, 192)
            );
            assert!(heap.alloc(layout(9, 1)).is_null(), "only 8 are left");
            assert!(heap.alloc(layout(1, 128)).is_null(), "not so aligned");
            let last = heap.alloc(layout(8, 8));
            last.write_bytes(1, 8);
            assert!(heap.alloc(layout(1, 1)).is_null());
            heap.dealloc(last, layout(8, 8));
            assert_eq!(heap.alloc(layout(8, 8)), last, "the last piece can be given back");
            heap.dealloc(first, layout(1, 1));
            assert!(heap.alloc(layout(1, 1)).is_null(), "the others cannot");
        }
    }

    #[test]
    fn no_piece_is_given_to_two() {
        let heap = &Heap::<65536>::new();
        let take = || {
            (0..64).map(|_| {
                // SAFETY: a size that is not 0.
                unsafe { heap.alloc(layout(128, 4)) }.addr()
            })
        };
        let mut all: alloc::vec::Vec<_> = std::thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(|| take().collect::<alloc::vec::Vec<_>>()));
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[1] - pair[0] >= 128) && heap.used() == 32768);
    }
}
