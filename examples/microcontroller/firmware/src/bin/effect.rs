//! Plays two hundred samples through an LSTM, and has the right bits or fails.

#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod firmware_of_a_board {
    use cortex_m_rt::entry;
    use firmware::{EFFECT, SAMPLES, board, effect, expected, networks::Effect, roots};
    use formwork::{Heap, Network, Stream};

    const BYTES: usize = Effect::STREAM;
    const _: () = assert!(BYTES <= 2048);

    #[global_allocator]
    static HEAP: Heap<BYTES> = Heap::new();

    #[entry]
    fn main() -> ! {
        let meter = board::Meter::start();
        let mut stream = Stream::new(EFFECT, 1);
        let outcome = effect(&mut stream);
        meter.report("a sample", SAMPLES, HEAP.used());
        board::exit(outcome == expected::EFFECT && roots() == expected::ROOTS)
    }
}

#[cfg(not(target_os = "none"))]
fn main() {
    println!("firmware: build it with `--target thumbv7em-none-eabihf`");
}
