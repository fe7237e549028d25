use formwork::prelude::*;

network! {
    struct Net: Image<60000, 60000, 60000> => Vector<10> {
        fc1: Dense<10>,
    }
}

fn main() {}
