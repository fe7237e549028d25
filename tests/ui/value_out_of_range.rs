use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        fc1: Dense<32>,
        Dropout(1.5),
        fc2: Dense<10>,
    }
}

fn main() {}
