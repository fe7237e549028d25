use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        loop: Dense<10>,
    }
}

fn main() {}
