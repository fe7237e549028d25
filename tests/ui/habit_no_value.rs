use formwork::prelude::*;

network! {
    struct Net: Vector<4> => Vector<2> {
        Relu(),
        out: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
