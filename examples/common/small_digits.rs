//! The network of small digits, for the desktop (`digits.rs`) and for a web page (`browser/`).

use formwork::prelude::*;

network! {
    /// Reads digits of 8 x 8 pixels.
    pub struct SmallDigits: Image<1, 8, 8> => Vector<10> {
        fc1: Dense<256>,
        Relu,
        fc2: Dense<128>,
        Relu,
        fc3: Dense<10>,
    }
}
