use formwork::prelude::*;

network! {
    struct Head<In, Classes>: Vector<In> => Vector<Classes> { fc1: Dense<Classes>, fc2: Dense<12> }
}

network! {
    struct Net: Vector<128> => Vector<10> {
        head: Head<128, 10>,
    }
}

fn main() {}
