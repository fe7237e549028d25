use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        fc1: Dense<10>(0.5),
    }
}

fn main() {}
