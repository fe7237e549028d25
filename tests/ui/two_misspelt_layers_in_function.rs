use formwork::prelude::*;

fn main() {
    network! {
        struct Net: Image<1, 28, 28> => Vector<10> {
            Conv2D<8, 3>,
            droupout: Droupout(0.5),
            Relu,
            fc: Dense<10>,
        }
    }
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
