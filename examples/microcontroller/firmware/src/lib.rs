//! Three networks, and what firmware and desktop run of them: the same code, for the same bits.

#![cfg_attr(target_os = "none", no_std)]

#[cfg(target_os = "none")]
pub mod board;
pub mod expected;
pub mod networks;

use formwork::{Stream, Weights};
use networks::{DigitNet, Effect, IMAGES, Sine};

/// In flash.
pub static DIGITS: Weights<DigitNet> = include!(concat!(env!("OUT_DIR"), "/digits.rs"));
/// In flash.
pub static EFFECT: Weights<Effect> = include!(concat!(env!("OUT_DIR"), "/effect.rs"));
/// In flash.
pub static SINE: Weights<Sine> = include!(concat!(env!("OUT_DIR"), "/sine.rs"));

/// Pixels from 0 to 16, an image after the other, and then what they show.
static IMAGES_AND_LABELS: &[u8; 65 * IMAGES] = include_bytes!("../weights/digits.bin");

/// What came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// A number that depends on each bit of each output.
    pub checksum: u32,
    /// The digits that were read rightly.
    pub right: u32,
}

impl Outcome {
    const START: Self = Self { checksum: 0, right: 0 };

    fn add(&mut self, output: f32) {
        self.checksum = self.checksum.rotate_left(5).wrapping_mul(0x9e37_79b1) ^ output.to_bits();
    }
}

/// Reads all digits.
pub fn digits(stream: &mut Stream<DigitNet, f32, Weights<'static, DigitNet>>) -> Outcome {
    let mut outcome = Outcome::START;
    let (images, labels) = IMAGES_AND_LABELS.split_at(64 * IMAGES);
    for (pixels, &label) in images.as_chunks::<64>().0.iter().zip(labels) {
        let logits = stream.step(&pixels.map(|pixel| f32::from(pixel) / 16.0));
        let (mut digit, mut largest) = (0, f32::NEG_INFINITY);
        for (i, &logit) in (0..).zip(logits.iter()) {
            outcome.add(logit);
            if logit > largest {
                (digit, largest) = (i, logit);
            }
        }
        outcome.right += u32::from(digit == label);
    }
    outcome
}

/// A number that depends on each bit of many square roots, which normalisation and training take.
#[must_use]
pub fn roots() -> u32 {
    let mut outcome = Outcome::START;
    for i in 0..1000_u32 {
        outcome.add(formwork::kernel::math::sqrt(f32::from_bits(i * 0x001f_4927)));
    }
    outcome.checksum
}

/// Samples that go through the effect.
pub const SAMPLES: u32 = 200;

/// Plays a sawtooth through the effect.
pub fn effect(stream: &mut Stream<Effect, f32, Weights<'static, Effect>>) -> Outcome {
    let mut outcome = Outcome::START;
    for i in 0..SAMPLES {
        let sample = (i % 40) as f32 / 20.0 - 1.0;
        outcome.add(stream.step(&[sample])[0]);
    }
    outcome
}

/// Angles whose sines are computed.
pub const ANGLES: u32 = 200;

/// An angle of a whole turn, in radians.
#[must_use]
pub fn angle(i: u32) -> f32 {
    core::f32::consts::TAU / ANGLES as f32 * i as f32
}

/// Computes the sines of all angles of a turn.
pub fn sine(stream: &mut Stream<Sine, f32, Weights<'static, Sine>>) -> Outcome {
    let mut outcome = Outcome::START;
    for i in 0..ANGLES {
        outcome.add(stream.step(&[angle(i)])[0]);
    }
    outcome
}
