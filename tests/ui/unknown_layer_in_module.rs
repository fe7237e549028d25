use formwork::prelude::*;

fn main() {
    network! {
        struct Net: Vector<64> => Vector<10> {
            fc: formwork::layers::Dence<10>,
        }
    }
}
