use formwork::prelude::*;

network! {
    struct Net: Vector<3> => Vector<1> {
        film: Film<1> { rec: Lstm<1>, LastStep },
        sound: FilmOutput<1>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
