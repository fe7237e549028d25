use formwork::prelude::*;

network! {
    struct Net: Image<3, 8, 8> => Vector<10> {
        conv: Conv2d<16, 5, dilation = 2>,
        fc: Dense<10>,
    }
}

fn main() {}
