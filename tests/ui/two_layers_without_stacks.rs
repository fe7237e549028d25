use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        block: Residual,
        both: Concat,
        fc1: Dense<10>,
    }
}

fn main() {}
