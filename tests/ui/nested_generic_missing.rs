use formwork::prelude::*;

network! {
    struct Head<In, Classes>: Vector<In> => Vector<Classes> { fc: Dense<Classes> }
}

network! {
    struct Net: Vector<128> => Vector<10> {
        fc: Dense<32>,
        head: Head<32>,
    }
}

fn main() {}
