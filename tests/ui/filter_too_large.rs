use formwork::prelude::*;

network! {
    struct Net: Image<1, 4, 4> => Vector<10> {
        conv: Conv2d<16, 5>,
        Relu,
        MaxPool<2>,
        fc: Dense<10>,
    }
}

fn main() {}
