use formwork::prelude::*;

const HIDDEN: usize = 1 << 40;

network! {
    struct Net: Vector<64> => Vector<10> {
        fc1: Dense<HIDDEN>,
        fc2: Dense<10>,
    }
}

fn main() {}
