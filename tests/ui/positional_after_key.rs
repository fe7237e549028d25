use formwork::prelude::*;

network! {
    struct Net: Image<1, 8, 8> => Vector<10> {
        conv: Conv2d<16, pad = 1, 3>,
        fc2: Dense<10>,
    }
}

fn main() {}
