//! Computes two hundred sines, and has the right bits or fails.

#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod firmware_of_a_board {
    use cortex_m_rt::entry;
    use firmware::{ANGLES, SINE, board, expected, networks::Sine, sine};
    use formwork::{Heap, Network, Stream};

    const BYTES: usize = Sine::STREAM;
    const _: () = assert!(BYTES <= 512);

    #[global_allocator]
    static HEAP: Heap<BYTES> = Heap::new();

    #[entry]
    fn main() -> ! {
        let meter = board::Meter::start();
        let mut stream = Stream::new(SINE, 1);
        let outcome = sine(&mut stream);
        meter.report("a sine", ANGLES, HEAP.used());
        board::exit(outcome == expected::SINE)
    }
}

#[cfg(not(target_os = "none"))]
fn main() {
    println!("firmware: build it with `--target thumbv7em-none-eabihf`");
}
