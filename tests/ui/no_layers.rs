use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<64> {}
}

fn main() {}
