use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<64> {
        fc1: Dense<64>,
        fc2: Dense<64> tied to embed,
    }
}

fn main() {}
