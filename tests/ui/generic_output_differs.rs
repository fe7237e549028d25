use formwork::prelude::*;

network! {
    struct Head<In, Classes>: Vector<In> => Vector<Classes> { fc1: Dense<Classes>, fc2: Dense<12> }
}

network! {
    struct Net: Vector<128> => Vector<10> {
        head: Head<128, 10>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
