use formwork::prelude::*;

const HIDDEN: usize = 0;

network! {
    struct Net: Vector<64> => Vector<10> {
        fc1: Dense<HIDDEN>,
        Relu,
        fc2: Dense<10>,
    }
}

fn main() {}
