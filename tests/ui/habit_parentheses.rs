use formwork::prelude::*;

network! {
    struct Net: Vector<4> => Vector<2> {
        fc: Dense(10),
        out: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
