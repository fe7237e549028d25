use formwork::prelude::*;

network! {
    struct Dense: Vector<4> => Vector<4> { Residual { fc: Dense<4> } }
}

fn main() {}
