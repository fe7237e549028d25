use formwork::prelude::*;

const H: usize = 3;

network! {
    struct Net: Vector<8> => Vector<2> {
        a: Dense<{ H - 5 }>,
        out: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
