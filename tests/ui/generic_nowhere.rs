use formwork::prelude::*;

network! {
    struct Net<C, D>: Vector<C> => Vector<8> { fc: Dense<8> }
}

fn main() {}
