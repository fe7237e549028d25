//! Numbers too small for their full precision.

/// Has the calling thread's processor take numbers that are nearly zero for zero, until it is dropped.
///
/// A signal that fades away leaves such numbers in filters and cells, and most processors take a
/// hundred times as long for them. What the thread computes meanwhile may differ in numbers below
/// 1.2e-38. On processors other than x86-64 and AArch64 nothing changes.
///
/// ```
/// use formwork_kernel::FlushToZero;
/// use std::hint::black_box;
///
/// let tiny = black_box(f32::MIN_POSITIVE) * black_box(0.25);
/// assert!(tiny > 0.0);
/// let guard = FlushToZero::new();
/// # #[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
/// assert_eq!(black_box(f32::MIN_POSITIVE) * black_box(0.25), 0.0);
/// drop(guard);
/// ```
#[must_use = "numbers are as before once it is dropped"]
#[derive(Debug)]
pub struct FlushToZero {
    before: u64,
    /// It belongs to its thread.
    thread: core::marker::PhantomData<*const ()>,
}

impl FlushToZero {
    /// From now on.
    #[expect(clippy::new_without_default, reason = "it changes the state of the processor")]
    pub fn new() -> Self {
        let before = control();
        set_control(before | FLUSH);
        Self { before, thread: core::marker::PhantomData }
    }
}

impl Drop for FlushToZero {
    fn drop(&mut self) {
        set_control(self.before);
    }
}

/// The bits that flush results, and on x86 also operands, to zero.
const FLUSH: u64 = if cfg!(target_arch = "x86_64") { 1 << 15 | 1 << 6 } else { 1 << 24 };

#[cfg(all(target_arch = "x86_64", not(miri)))]
fn control() -> u64 {
    let mut register = 0_u32;
    // SAFETY: it stores the control register at the place given.
    unsafe {
        core::arch::asm!("stmxcsr [{}]", in(reg) &raw mut register, options(nostack, preserves_flags));
    }
    u64::from(register)
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
fn set_control(register: u64) {
    let register = register as u32;
    // SAFETY: it is what was read, with bits set that say how tiny numbers are rounded.
    unsafe {
        core::arch::asm!("ldmxcsr [{}]", in(reg) &raw const register, options(nostack, preserves_flags));
    }
}

#[cfg(all(target_arch = "aarch64", not(miri)))]
fn control() -> u64 {
    let register: u64;
    // SAFETY: it reads the control register.
    unsafe { core::arch::asm!("mrs {}, fpcr", out(reg) register, options(nomem, nostack)) }
    register
}

#[cfg(all(target_arch = "aarch64", not(miri)))]
fn set_control(register: u64) {
    // SAFETY: it is what was read, with a bit set that says how tiny numbers are rounded.
    unsafe { core::arch::asm!("msr fpcr, {}", in(reg) register, options(nomem, nostack)) }
}

#[cfg(any(not(any(target_arch = "x86_64", target_arch = "aarch64")), miri))]
fn control() -> u64 {
    0
}

#[cfg(any(not(any(target_arch = "x86_64", target_arch = "aarch64")), miri))]
fn set_control(_: u64) {}
