use formwork::prelude::*;

network! {
    struct Head<In, Classes>: Vector<In> => Vector<Classes> {
        block: Residual { fc: Dense<32>, Relu },
        out: Dense<Classes>,
    }
}

network! {
    struct Net: Vector<128> => Vector<10> {
        head: Head<128, 10>,
    }
}

fn main() {}
