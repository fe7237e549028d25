use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        fc1: Dense<32, 3>,
        Relu,
        fc2: Dense<10, pad = 1>,
    }
}

fn main() {}
