use formwork::prelude::*;

network! {
    struct Head: Vector<64> => Vector<10> { fc: Dense<10> }
}

network! {
    struct Net: Vector<128> => Vector<10> {
        fc: Dense<32>,
        head: Head,
    }
}

fn main() {}
