use formwork::prelude::*;

network! {
    struct Net: Vector<8> => Vector<2> {
        both: Concat { { a: CausalConv1d<4, 3, stride = 2> }, { b: Lstm<4>, LastStep } },
        fc: Dense<2>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
