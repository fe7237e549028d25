use formwork::prelude::*;

network! {
    struct Net: Vector<8> => Vector<2> {
        Residual { rec: Lstm<8>, LastStep },
        fc: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
