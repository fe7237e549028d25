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

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
