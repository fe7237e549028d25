use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        block: Residual { fc: Dense<32> },
        fc1: Dense<16>,
        again: Residual { fc: Dense<17> },
        fc2: Dense<10>,
    }
}

fn main() {}
