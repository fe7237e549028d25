use formwork::prelude::*;

network! {
    struct Net: Image<3, 8, 8> => Vector<10> {
        conv1: Conv2d<6, 3>,
        norm1: GroupNorm<0>,
        fc: Dense<10>,
    }
}

fn main() {}
