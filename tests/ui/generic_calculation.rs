use formwork::prelude::*;

network! {
    struct Wide<C>: Vector<C> => Vector<C> { fc: Dense<{ 2 * C }>, Relu, out: Dense<C> }
}

fn main() {}
