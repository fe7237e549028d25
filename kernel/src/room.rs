//! Memory for copies of operands.
//!
//! With `std` each thread has some of its own, which it allocates when it first copies an operand:
//! it would be too much for the stack. Without, there is less of it, on the stack.

use core::mem::MaybeUninit;

/// Bytes that there are.
pub(crate) const BYTES: usize = if cfg!(feature = "std") { 272 << 10 } else { 22 << 10 };

/// A cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; 64]);

const LINES: usize = BYTES / size_of::<Line>();

/// Memory that starts on a cache line, with anything in it.
pub(crate) struct Room<'a>(&'a mut [MaybeUninit<Line>]);

impl<'a> Room<'a> {
    /// Cuts the first numbers off: as many as fill so many bytes, a multiple of cache lines.
    #[inline(always)]
    pub fn take<T: Copy>(&mut self, bytes: usize) -> &'a mut [MaybeUninit<T>] {
        const { assert!(align_of::<T>() <= align_of::<Line>() && size_of::<T>() > 0) };
        let (lines, rest) = core::mem::take(&mut self.0).split_at_mut(bytes / size_of::<Line>());
        self.0 = rest;
        let len = size_of_val(lines) / size_of::<T>();
        // SAFETY: the lines are so many bytes, aligned to more than a `T`, borrowed from here on by
        // nobody else, and nothing is said about what is in them.
        unsafe { core::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), len) }
    }
}

/// Memory for copies of operands that goes from thread to thread with what computes, so that no thread
/// need allocate its own.
#[derive(Default)]
pub struct Workroom {
    #[cfg(feature = "std")]
    lines: Option<own::Lines>,
}

impl Workroom {
    /// Memory of its own; none without `std`, where it is on the stack.
    pub fn new() -> Self {
        Self {
            #[cfg(feature = "std")]
            lines: Some(own::allocate()),
        }
    }

    /// Runs `f` with this memory in the place of the calling thread's own.
    pub fn lend<R>(&mut self, f: impl FnOnce() -> R) -> R {
        #[cfg(feature = "std")]
        {
            let before = own::exchange(self.lines.take());
            let result = f();
            self.lines = own::exchange(before);
            result
        }
        #[cfg(not(feature = "std"))]
        f()
    }
}

/// Calls `f` with this thread's memory, [`BYTES`] of it.
#[cfg(feature = "std")]
#[inline(always)]
pub(crate) fn with_room<R>(f: impl FnOnce(Room<'_>) -> R) -> R {
    let mut lines = own::take();
    let result = f(Room(&mut lines));
    own::keep(lines);
    result
}

/// Calls `f` with memory on the stack, [`BYTES`] of it.
#[cfg(not(feature = "std"))]
#[inline(never)]
pub(crate) fn with_room<R>(f: impl FnOnce(Room<'_>) -> R) -> R {
    f(Room(&mut [const { MaybeUninit::uninit() }; LINES]))
}

#[cfg(feature = "std")]
mod own {
    use super::{LINES, Line};
    use alloc::boxed::Box;
    use core::{cell::Cell, mem::MaybeUninit};

    pub type Lines = Box<[MaybeUninit<Line>]>;

    std::thread_local! {
        static LINES_KEPT: Cell<Option<Lines>> = const { Cell::new(None) };
    }

    /// What this thread has kept, or new memory for the first time.
    #[inline(never)]
    pub fn take() -> Lines {
        let kept = LINES_KEPT.try_with(Cell::take).ok().flatten();
        kept.unwrap_or_else(allocate)
    }

    /// New memory.
    pub fn allocate() -> Lines {
        Box::new_uninit_slice(LINES)
    }

    /// Has the thread keep other memory than it did.
    pub fn exchange(other: Option<Lines>) -> Option<Lines> {
        LINES_KEPT.try_with(|kept| kept.replace(other)).ok().flatten()
    }

    /// Keeps memory for the next time, unless the thread is about to end.
    #[inline(never)]
    pub fn keep(lines: Lines) {
        let _ = LINES_KEPT.try_with(|kept| kept.set(Some(lines)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_cut_in_parts_on_cache_lines() {
        with_room(|mut room| {
            let (a, b) = (room.take::<f32>(128), room.take::<f64>(BYTES - 128));
            assert_eq!((a.len(), b.len()), (32, (BYTES - 128) / 8));
            assert_eq!((a.as_ptr().addr() % 64, b.as_ptr().addr() % 64), (0, 0));
            assert!(a.as_ptr_range().end.addr() <= b.as_ptr().addr());
        });
    }

    #[cfg(feature = "std")]
    #[test]
    fn stays_with_the_thread_and_may_be_used_inside_itself() {
        let at = |mut room: Room<'_>| room.take::<f32>(64).as_ptr().addr();
        let first = with_room(at);
        assert_eq!(with_room(at), first);
        let inside = with_room(|room| (at(room), with_room(at)));
        assert_eq!(inside.0, first);
        assert_ne!(inside.1, first);
    }
}
