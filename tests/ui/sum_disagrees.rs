use formwork::prelude::*;

network! {
    struct Net: Vector<8> => Vector<10> {
        both: Sum { { a: Dense<4> }, { b: Dense<5> } },
        fc: Dense<10>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
