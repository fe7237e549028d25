use formwork::prelude::*;
use formwork::typenum::U32;

network! {
    struct Inner<C>: Vector<8> => Vector<C> { a: Dense<C> }
}

fn train(_: &mut Model<Inner<U32>>) {}

fn main() {}
