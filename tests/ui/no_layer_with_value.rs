use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        Dense<10>,
        init: Init(3),
    }
}

fn main() {}
