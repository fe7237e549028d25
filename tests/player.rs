//! What plays on an audio thread allocates nothing and starts no threads, from its first block on, and
//! gives the same bits however the signal is split. In a binary of its own, for the allocator.

use formwork::data::Grid;
use formwork::prelude::*;
use rand::{RngExt, SeedableRng};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

struct Counting;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.set(CALLS.get() + 1);
        // SAFETY: as this function's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        CALLS.set(CALLS.get() + 1);
        // SAFETY: as this function's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often `f` allocates or frees memory on this thread; starting a pool of threads is more than once.
fn calls_in(f: impl FnOnce()) -> usize {
    let before = CALLS.get();
    f();
    CALLS.get() - before
}

network! {
    struct Amplifier: Vector<1> => Vector<1> {
        input: WaveNetInput<8>,
        layer1: WaveNetLayer<8, 3> { Tanh },
        layer2: WaveNetLayer<8, 3, dilation = 40> { LeakyRelu },
        skips: WaveNetSkips<8>,
        head: CausalConv1d<1, 16>,
    }
}
network! {
    struct Rates: Vector<1> => Vector<1> {
        down: CausalConv1d<8, 4, stride = 2>,
        pool: MaxPoolSteps<2>,
        Tanh,
        film: Film<4> { conv: CausalConv1d<8, 2> },
        up: CausalConvTranspose1d<1, 6, stride = 4>,
    }
}
network! { struct Cells: Vector<1> => Vector<1> { lstm: Lstm<16>, gru: Gru<20>, out: Dense<1> } }
network! { struct Cells128: Vector<1> => Vector<1> { lstm: Lstm<128>, out: Dense<1> } }
network! { struct Cells512: Vector<1> => Vector<1> { lstm: Lstm<512>, out: Dense<1> } }
network! { struct Cells1024: Vector<1> => Vector<1> { lstm: Lstm<1024>, out: Dense<1> } }

fn signal(samples: usize) -> Vec<f32> {
    let mut rng = Generator::seed_from_u64(9);
    (0..samples).map(|_| rng.random_range(-0.5..0.5)).collect()
}

fn model<N: Network>() -> Model<N> {
    Model::new(&mut Generator::seed_from_u64(1))
}

fn nothing_is_allocated<N>()
where
    N: Network<Sample = Grid<1>>,
    N::Input: Shape<Element<f32> = f32>,
{
    // Many units take long in a test that is not optimised.
    let steps = if N::PARAMETERS > 1_000_000 { 2 } else { 64 };
    for lanes in [1, 2, 5] {
        let mut player = Player::new(model::<N>(), steps, lanes);
        let (input, mut output) = (signal(steps * lanes), vec![0.0; steps * lanes]);
        let mut state = vec![0.0; player.state_len()];
        let mut play = |_| calls_in(|| player.process(&input, &mut output));
        assert_eq!([(); 5].map(|()| play(())), [0; 5], "{}, {lanes} lanes", N::NAME);
        assert_eq!(calls_in(|| player.save_state(&mut state)), 0);
        assert_eq!(calls_in(|| player.restore_state(&state)), 0);
        assert_eq!(calls_in(|| player.process_in_place(&mut output)), 0);
        assert_eq!(calls_in(|| player.reset()), 0);
    }
}

#[test]
fn nothing_is_allocated_or_shared_on_the_audio_thread() {
    nothing_is_allocated::<Amplifier>();
    nothing_is_allocated::<Rates>();
    nothing_is_allocated::<Cells>();
    nothing_is_allocated::<Cells128>();
    nothing_is_allocated::<Cells512>();
    nothing_is_allocated::<Cells1024>();
}

fn the_split_does_not_show<N>()
where
    N: Network<Sample = Grid<1>>,
    N::Input: Shape<Element<f32> = f32>,
{
    let shared = Arc::new(model::<N>());
    for lanes in [1, 2] {
        let x = signal(600 * lanes);
        let outputs = |block: usize, most: usize| {
            let mut player = Player::new(Arc::clone(&shared), most, lanes);
            let mut y = x.clone();
            y.chunks_mut(block * lanes).for_each(|block| player.process_in_place(block));
            y
        };
        let whole = outputs(600, 600);
        for (block, most) in [(1, 1), (1, 64), (7, 64), (64, 64), (512, 64), (512, 512)] {
            assert!(outputs(block, most) == whole, "{}: blocks of {block}, {lanes} lanes", N::NAME);
        }
        let mut stream = Stream::new(&*shared, lanes);
        let steps = x.chunks(lanes).flat_map(|x| stream.step(x).as_slice().to_vec());
        let steps: Vec<f32> = steps.collect();
        assert!(steps == whole, "{}: a stream of {lanes} lanes", N::NAME);
    }
}

#[test]
fn the_split_into_blocks_does_not_show() {
    the_split_does_not_show::<Amplifier>();
    the_split_does_not_show::<Cells>();
    the_split_does_not_show::<Cells128>();
}

#[test]
fn models_are_swapped_and_the_state_goes_on() {
    let mut other = model::<Amplifier>();
    other.head.bias[0] = 0.25;
    let x = signal(128);
    let mut plain = Player::new(model::<Amplifier>(), 64, 1);
    let mut swapped = Player::new(model::<Amplifier>(), 64, 1);
    let mut next = Player::new(other, 64, 1);
    let (mut a, mut b) = (x.clone(), x.clone());
    plain.process_in_place(&mut a);
    swapped.process_in_place(&mut b[..64]);
    assert_eq!(calls_in(|| swapped.swap(&mut next)), 0);
    swapped.process_in_place(&mut b[64..]);
    assert_eq!(a[..64], b[..64]);
    // The same but for the bias, as nothing of the past is lost.
    assert!(a[64..].iter().zip(&b[64..]).all(|(a, b)| (b - a - 0.25).abs() < 1e-6));
}

#[test]
fn a_player_goes_to_another_thread() {
    let mut player = Player::new(Arc::new(model::<Cells>()), 64, 1);
    player.warm_up();
    let mut block = signal(64);
    std::thread::spawn(move || player.process_in_place(&mut block)).join().unwrap();
}
