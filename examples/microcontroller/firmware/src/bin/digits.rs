//! Reads fifty digits, and has the right bits or fails.

#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod firmware_of_a_board {
    use cortex_m_rt::entry;
    use firmware::{
        DIGITS, board, digits, expected,
        networks::{DigitNet, IMAGES},
    };
    use formwork::{Heap, Network, Stream};

    const BYTES: usize = DigitNet::STREAM;
    const _: () = assert!(BYTES <= 2048);

    #[global_allocator]
    static HEAP: Heap<BYTES> = Heap::new();

    #[entry]
    fn main() -> ! {
        let meter = board::Meter::start();
        let mut stream = Stream::new(DIGITS, 1);
        let outcome = digits(&mut stream);
        meter.report("an image", IMAGES as u32, HEAP.used());
        board::exit(outcome == expected::DIGITS)
    }
}

#[cfg(not(target_os = "none"))]
fn main() {
    println!("firmware: build it with `--target thumbv7em-none-eabihf`");
}
