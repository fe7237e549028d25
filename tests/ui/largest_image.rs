use formwork::prelude::*;

network! {
    struct Net: Image<4294967295, 4294967295, 4294967295> => Vector<10> {
        fc1: Dense<10>,
    }
}

fn main() {}
