use formwork::prelude::*;

network! {
    struct Net: Vector<4> => Vector<2> {
        Dropout(0.5, 0.2),
        out: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
