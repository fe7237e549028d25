//! What a stream takes of a heap is what its network says.

use formwork::prelude::*;
use formwork::{Heap, Weights};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, which counts what a heap would give out.
struct Counting;

thread_local! {
    static TAKEN: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything goes on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = TAKEN.try_with(|taken| {
            taken.set(taken.get() + layout.size().next_multiple_of(64));
        });
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Bytes that a stream takes when it is made, and with its first step.
fn bytes_taken<N: Network>(input: &[<N::Input as Shape>::Element<f32>]) -> usize {
    let model = Model::<N>::zeroed();
    let before = TAKEN.get();
    let mut stream = Stream::new(&model, 1);
    stream.step(input);
    stream.reset();
    TAKEN.get() - before
}

macro_rules! networks {
    ($($name:ident: $input:ty => $output:ty { $($layers:tt)* }, with $x:expr;)*) => {$(
        network! { struct $name: $input => $output { $($layers)* } }
    )*

        #[test]
        fn a_stream_takes_no_more_than_its_network_says() {
            $(
                let (taken, said) = (bytes_taken::<$name>(&$x), $name::STREAM);
                assert!(taken <= said, "{} takes {taken} of {said} bytes", stringify!($name));
                // Nothing is asked for in vain but what is left of a cache line, of each piece.
                let most = taken + taken / 8 + 256;
                assert!(said <= most, "{} takes {taken} of {said} bytes", stringify!($name));
            )*
        }
    };
}

networks! {
    Sine: Vector<1> => Vector<1> { fc1: Dense<16>, Relu, fc2: Dense<16>, Relu, out: Dense<1> }, with [0.5];
    Digits: Image<1, 8, 8> => Vector<10> { fc1: Dense<256>, Relu, fc2: Dense<128>, Relu, fc3: Dense<10> },
        with [0.5; 64];
    Effect: Vector<1> => Vector<1> { lstm: Lstm<20>, fc: Dense<1> }, with [0.5];
    Large: Vector<3> => Vector<2> { gru: Gru<90>, rnn: Rnn<70>, fc: Dense<2> }, with [0.5; 3];
    Images: Image<3, 9, 9> => Vector<4> {
        conv: Conv2d<8, 3>, BatchNorm, Relu, Dropout(0.2), MaxPool<2>, norm: GroupNorm<2>, GlobalMaxPool,
        fc: Dense<4>
    }, with [0.5; 243];
    Up: Image<2, 3, 3> => Image<2, 6, 6> { up: ConvTranspose2d<2, 2, stride = 2>, LayerNorm }, with [0.5; 18];
    Wrapped: Vector<6> => Vector<5> {
        Residual { fc: Dense<6>, Relu }, branches: Concat { { a: Dense<2> }, { b: Dense<3>, Tanh } }, LayerNorm
    }, with [0.5; 6];
    Both: Vector<2> => Vector<3> { both: Bidirectional { lstm: Lstm<4> }, fc: Dense<3> }, with [0.5; 2];
    Speaker: Token<5> => Vector<5> { embed: Embedding<4>, lstm: Lstm<8>, fc: Dense<5> }, with [3];
}

#[test]
fn weights_in_constants_are_those_of_the_model() {
    static WEIGHTS: Weights<Sine> = Weights::new(&[0.125; Sine::PARAMETERS], &[]);
    let mut model = Model::<Sine>::zeroed();
    model.parameters_mut().fill(0.125);
    assert_eq!((WEIGHTS.parameters(), WEIGHTS.statistics()), (model.parameters(), &[][..]));
    let (mut one, mut other) = (Stream::new(WEIGHTS, 1), Stream::new(&model, 1));
    assert_eq!(one.step(&[0.5]), other.step(&[0.5]));
    assert!(WEIGHTS.params.fc1.weight.as_ptr() == one.model().params.fc1.weight.as_ptr());
    static _HEAP: Heap<{ Sine::STREAM }> = Heap::new();
}

#[test]
fn a_model_is_written_as_source_that_reads_the_same() {
    network! { struct Gate: Vector<1> => Vector<1> { fc: Dense<1>, BatchNorm } }
    let mut model = Model::<Gate>::zeroed();
    model.parameters_mut().copy_from_slice(&[0.1, -0.0, 1e-7, -3.4e38]);
    model.statistics_mut().copy_from_slice(&[1.0, f32::MIN_POSITIVE]);
    let source = "::formwork::Weights::new(&[0.1, -0.0, 1e-7, -3.4e38], &[1.0, 1.1754944e-38])\n";
    assert_eq!(model.to_source(), source);
    let read = Weights::<Gate>::new(&[0.1, -0.0, 1e-7, -3.4e38], &[1.0, 1.1754944e-38]);
    let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(read.parameters()), bits(model.parameters()));
    assert_eq!(bits(read.statistics()), bits(model.statistics()));
}

/// A stream that is put back to its start gives the bits of a new one.
#[test]
fn the_first_step_is_like_any_other() {
    use rand::SeedableRng;
    let model = Model::<Effect>::new(&mut Generator::seed_from_u64(1));
    let mut stream = Stream::new(&model, 1);
    let mut run = || [0.5, -0.25, 1.0].map(|x| stream.step(&[x])[0].to_bits());
    let first = run();
    stream.reset();
    let mut again = || [0.5, -0.25, 1.0].map(|x| stream.step(&[x])[0].to_bits());
    assert_eq!(first, again());
}
