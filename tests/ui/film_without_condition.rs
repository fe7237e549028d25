use formwork::prelude::*;

network! {
    struct Net: Vector<1> => Vector<1> {
        film: Film<1> { conv: CausalConv1d<8, 3> },
        sound: FilmOutput<8>,
        out: CausalConv1d<1, 1>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
