use formwork::prelude::*;

struct Dense;

network! {
    struct Net: Vector<8> => Vector<2> {
        a: Dense<3>,
        out: formwork::layers::Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
