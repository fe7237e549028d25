//! What firmware needs of the board: a clock, a look at the stack, and a way to say something. The
//! board is one that an emulator has (`qemu-system-arm -M mps2-an386`), with a Cortex-M4.

use core::panic::PanicInfo;
use cortex_m::peripheral::{Peripherals, SYST, syst::SystClkSource};
use semihosting::io::Write;

unsafe extern "C" {
    /// Where static memory ends, as the linker has it; the stack grows down to there.
    static __sheap: u32;
    static _stack_start: u32;
    /// Where the constants end in flash.
    static __sidata: u32;
}

/// What unused words of the stack hold.
const UNUSED: u32 = 0x5afe_5afe;

/// The last of the count that the clock goes through, and the instructions of the emulator in each:
/// 1 ns an instruction, at 25 MHz.
const RELOAD: u32 = 0x00ff_ffff;
const INSTRUCTIONS: u32 = 40;

/// Measures what happens from its start on.
pub struct Meter(SYST);

impl Meter {
    /// Starts the clock, and marks the words of the stack that are not used.
    ///
    /// # Panics
    /// If there is one already.
    #[inline(never)]
    pub fn start() -> Self {
        // Below what this function itself uses.
        let end = cortex_m::register::msp::read() as usize - 256;
        let mut word = (&raw const __sheap).cast_mut();
        while word.addr() < end {
            // SAFETY: memory between static memory and the stack, which nobody has.
            unsafe {
                word.write_volatile(UNUSED);
                word = word.add(1);
            }
        }
        let mut clock = Peripherals::take().expect("one meter").SYST;
        clock.set_clock_source(SystClkSource::Core);
        clock.set_reload(RELOAD);
        clock.clear_current();
        clock.enable_counter();
        while SYST::get_current() == 0 {}
        Self(clock)
    }

    /// Says what has been used: instructions, for each of `count`, and memory.
    #[inline(never)]
    pub fn report(self, what: &str, count: u32, heap: usize) {
        let ticks = RELOAD - SYST::get_current();
        drop(self.0);
        let mut unused = &raw const __sheap;
        // SAFETY: the words up to the stack, which were written when the meter started.
        while unsafe { unused.read_volatile() } == UNUSED {
            unused = unused.wrapping_add(1);
        }
        let stack = (&raw const _stack_start).addr() - unused.addr();
        say("instructions ", ticks as usize * INSTRUCTIONS as usize / count as usize, what);
        say("stack        ", stack, "bytes");
        say("heap         ", heap, "bytes");
        say("flash        ", (&raw const __sidata).addr(), "bytes, weights and all");
    }
}

/// Says a number, without the 4 KB that formatting takes.
fn say(name: &str, mut number: usize, unit: &str) {
    let mut digits = [b' '; 11];
    let mut at = digits.len() - 1;
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    if let Ok(mut out) = semihosting::io::stdout() {
        for text in [name.as_bytes(), &digits, unit.as_bytes(), b"\n"] {
            let _ = out.write(text);
        }
    }
}

/// Ends the program; its exit code says whether all is well.
pub fn exit(well: bool) -> ! {
    semihosting::process::exit(i32::from(!well))
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    exit(false)
}
