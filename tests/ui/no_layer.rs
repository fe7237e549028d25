use formwork::prelude::*;

network! {
    struct Net: Vector<8> => Vector<10> {
        net: Init,
        fc: Dense<10>,
    }
}

fn main() {}
