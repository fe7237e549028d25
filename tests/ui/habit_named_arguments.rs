use formwork::prelude::*;

network! {
    struct Net: Image<1, 8, 8> => Vector<2> {
        conv: Conv2d<filters = 8, kernel = 3>,
        out: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
