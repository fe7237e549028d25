use formwork::prelude::*;

network! {
    struct Net: Image<28, 28> => Vector<10> {
        fc1: Dense<10>,
    }
}

fn main() {}
