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

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
