use formwork::prelude::*;

network! {
    struct Net: Image<1, 8, 8> => Vector<2> {
        MaxPool("2"),
        out: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
