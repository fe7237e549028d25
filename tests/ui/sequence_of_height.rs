use formwork::prelude::*;

network! {
    struct Net: Image<1, 28, 28> => Vector<10> {
        conv: Conv1d<16, 3>,
        fc: Dense<10>,
    }
}

fn main() {}
