use formwork::prelude::*;

network! {
    struct Net: Image<1, 28, 28> => Vector<10> {
        pool: MaxPool<16>,
        fc: Dense<10>,
    }
}

fn main() {}
