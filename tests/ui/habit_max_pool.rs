use formwork::prelude::*;

network! {
    struct Net: Image<1, 8, 8> => Vector<2> {
        pool: MaxPool2d<2, stride = 2>,
        out: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
