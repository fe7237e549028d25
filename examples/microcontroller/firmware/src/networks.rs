//! What is trained on a desktop and runs on a microcontroller.

use formwork::prelude::*;

network! {
    /// Reads digits of 8 x 8 pixels.
    pub struct DigitNet: Image<1, 8, 8> => Vector<10> {
        fc1: Dense<64>,
        Relu,
        fc2: Dense<32>,
        Relu,
        out: Dense<10>,
    }
}

network! {
    /// An effect for audio: a sample goes in, and a sample comes out.
    pub struct Effect: Vector<1> => Vector<1> {
        lstm: Lstm<20>,
        out: Dense<1>,
    }
}

network! {
    /// The sine of an angle, as a first network for a microcontroller learns it.
    pub struct Sine: Vector<1> => Vector<1> {
        fc1: Dense<16>,
        Relu,
        fc2: Dense<16>,
        Relu,
        out: Dense<1>,
    }
}

/// Digits that the firmware reads.
pub const IMAGES: usize = 50;
