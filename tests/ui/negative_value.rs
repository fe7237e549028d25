use formwork::prelude::*;

network! {
    struct Net: Vector<4> => Vector<2> {
        LeakyRelu(-0.1),
        out: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
