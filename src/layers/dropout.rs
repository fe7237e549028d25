//! Dropout (Srivastava et al., 2014), inverted.
//!
//! ```text
//! training   y = m x / (1 - rate)    with m = 0 at the given rate, else 1
//! inference  y = x
//! backward   dx = m dy / (1 - rate)
//! ```
//!
//! Shapes: any, kept. Works in place. Each unit costs 16 random bits, so the rate is rounded to a
//! multiple of 1/65536, and the scale follows the rounded rate.

use crate::Generator;
use crate::kernel::dispatch::{Isa, Kernel, dispatch};
use crate::kernel::{Real, parallel};
use crate::layer::{Backward, Forward, Layer, Memory, Mode, Nonlinearity, Tape, Value};
use crate::shape::{Check, Shape};
use alloc::vec::Vec;
use core::marker::PhantomData;
use rand::{Rng, SeedableRng};

crate::layer! {
    /// Sets units to zero at a given rate while training, and scales the others so that means are
    /// kept: `Dropout(0.5)`. At inference it does nothing.
    pub struct Dropout(f64);
}

/// For each unit whether it is kept: 1, or 0.
pub struct DropoutTape<In> {
    kept: Vec<u8>,
    shape: PhantomData<In>,
}

impl<In: Shape> Tape for DropoutTape<In> {
    const MEMORY: Memory = Memory::bytes_per_column(In::SIZE);
    const INFERENCE: Memory = Memory::NONE;

    fn new(columns: usize, _: usize, training: bool) -> Self {
        let units = if training { In::SIZE * columns } else { 0 };
        Self { kept: alloc::vec![0; units], shape: PhantomData }
    }
}

/// Random draws are 16 bits wide.
const DRAWS: f64 = 65536.0;

impl<V: Value<f64>> Dropout<V> {
    /// The rate; one that is not given is reported as out of range.
    const RATE: f64 = match V::VALUE {
        Some(rate) => rate,
        None => f64::NAN,
    };
    /// Draws below this one drop a unit.
    const DROPS: u16 = {
        let drops = (Self::RATE * DRAWS + 0.5) as u32;
        if drops < 0xffff { drops as u16 } else { 0xffff }
    };
    /// By what the units that are kept grow.
    const SCALE: f64 = DRAWS / (DRAWS - Self::DROPS as f64);
}

impl<In: Shape, V: Value<f64> + 'static> Layer<In> for Dropout<V> {
    type Out = In;
    crate::keeps! { tape: DropoutTape<In> }

    const CHECK: Check =
        Check::require(V::VALUE.is_some(), "Dropout needs its rate: `Dropout(0.5)`").and(
            Check::require(
                0.0 <= Self::RATE && Self::RATE < 1.0,
                "the rate of Dropout must be at least 0 and below 1, but is {}",
            )
            .text(V::TEXT),
        );
    const OPERATIONS: usize = In::SIZE;
    const IN_PLACE: bool = true;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { mut y, tape, cx, .. } = pass;
        let Mode::Training(rng) = cx.mode else { return };
        if Self::DROPS > 0 {
            let kept = &mut tape.kept[..y.len()];
            draw(kept, Self::DROPS, rng);
            apply(y.as_mut_slice(), kept, T::of(Self::SCALE));
        }
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { mut dy, tape, .. } = pass;
        if Self::DROPS > 0 {
            let kept = &tape.kept[..dy.len()];
            apply(dy.as_mut_slice(), kept, T::of(Self::SCALE));
        }
    }
}

/// Units that one thread takes at a time.
const PIECE: usize = 1 << 13;
/// About how many units a core draws, or multiplies, in a nanosecond.
const PER_NANOSECOND: usize = 4;

/// Draws which units are kept: each piece from a generator of its own, with one seed after the other.
fn draw(kept: &mut [u8], drops: u16, rng: &mut dyn Rng) {
    const AT_ONCE: usize = 1024;
    let (seed, cost) = (rng.next_u64(), kept.len() / PER_NANOSECOND);
    parallel::for_each_chunk(kept, PIECE, cost, |piece, kept| {
        let mut rng = Generator::seed_from_u64(seed.wrapping_add(piece as u64));
        let mut bytes = [0; 2 * AT_ONCE];
        for kept in kept.chunks_mut(AT_ONCE) {
            let bytes = &mut bytes[..2 * kept.len()];
            rng.fill_bytes(bytes);
            dispatch(Compare { kept, draws: bytes.as_chunks().0, drops });
        }
    });
}

/// Multiplies units by what [`Apply`] says.
fn apply<T: Real>(x: &mut [T], kept: &[u8], scale: T) {
    let cost = x.len() / PER_NANOSECOND;
    parallel::for_each_chunk(x, PIECE, cost, |i, x| {
        let kept = &kept[i * PIECE..][..x.len()];
        dispatch(Apply { x, kept, scale });
    });
}

/// Notes which draws keep a unit.
struct Compare<'a> {
    kept: &'a mut [u8],
    draws: &'a [[u8; 2]],
    drops: u16,
}

impl Kernel for Compare<'_> {
    type Output = ();
    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        for (kept, &draw) in self.kept.iter_mut().zip(self.draws) {
            *kept = u8::from(u16::from_le_bytes(draw) >= self.drops);
        }
    }
}

/// Multiplies the units that are not kept by 0, so that what is no number stays so, and the others by
/// a scale.
struct Apply<'a, T> {
    x: &'a mut [T],
    kept: &'a [u8],
    scale: T,
}

impl<T: Real> Kernel for Apply<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        for (x, &kept) in self.x.iter_mut().zip(self.kept) {
            *x *= if kept == 0 { T::ZERO } else { self.scale };
        }
    }
}
