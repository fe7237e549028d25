use formwork::prelude::*;

network! {
    struct Net: Vector<4_000_000_000> => Vector<10> {
        fc1: Dense<4_000_000_000>,
        fc2: Dense<10>,
    }
}

fn main() {}
