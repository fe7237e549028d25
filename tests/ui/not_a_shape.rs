use formwork::prelude::*;

network! {
    struct Net: Picture<1, 28, 28> => Vector<10> {
        fc1: Dense<10>,
    }
}

fn main() {}
