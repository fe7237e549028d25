use formwork::prelude::*;

const HEIGHT: usize = 0;

network! {
    struct Net: Image<1, HEIGHT, 28> => Vector<10> {
        fc1: Dense<10>,
    }
}

fn main() {}
