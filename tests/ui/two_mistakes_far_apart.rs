use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<12> {
        fc1: Dense<0>,
        Relu,
        fc2: Dense<10>,
    }
}

fn main() {}
