use formwork::prelude::*;

network! {
    struct Net: Image<3, 8, 8> => Vector<10> {
        conv1: Conv2d<16, 3, groups = 2>,
        fc: Dense<10>,
    }
}

fn main() {}
