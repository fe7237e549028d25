use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        fc1: Dense<32>,
        fc2: String,
        fc3: Dense<10>,
    }
}

fn main() {}
