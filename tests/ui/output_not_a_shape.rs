use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Picture<10> {
        fc2: Dense<10>,
    }
}

fn main() {}
