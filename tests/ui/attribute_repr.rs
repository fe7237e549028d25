use formwork::prelude::*;

network! {
    #[repr(align(64))]
    struct Net: Vector<4> => Vector<2> { fc: Dense<2> }
}

fn main() {}
