use formwork::prelude::*;

network! {
    struct Net: Image<1, 8, 8> => Vector<2> {
        conv: Conv2d<8, 3, padding = 1>,
        out: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
