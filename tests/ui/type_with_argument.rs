use formwork::prelude::*;

network! {
    struct Net: Vector<8> => Vector<2> {
        a: Init<3>,
        out: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
