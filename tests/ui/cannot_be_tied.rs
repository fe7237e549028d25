use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<64> {
        fc1: Dense<64>,
        Relu tied to fc1,
    }
}

fn main() {}
