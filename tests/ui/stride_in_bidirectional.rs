use formwork::prelude::*;

network! {
    struct Net: Vector<8> => Vector<2> {
        both: Bidirectional { rec: Lstm<8>, MaxPoolSteps<2> },
        fc: Dense<2>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
