//! A layer of one's own: its shape rule, its diagnostic, its gradient checked, its place in a
//! network. `WeightedSum<4>` there does not compile: "6 features do not come in groups of 4".
use formwork::{gradcheck::GradCheck, layer::prelude::*, prelude::*};

formwork::layer! {
    /// Scales each feature by what is learned, and adds up every `Group` neighbours.
    struct WeightedSum<Group>;
}
formwork::params! { struct Scales<Features> { scale: Row<T, Features>, } }

impl<In: Shape, Group: Dimension> Layer<In> for WeightedSum<Group> {
    type Out = Vector<<In::Features as Dimension>::Over<Group>>;
    formwork::keeps! { params: Scales<In::Features, T> }
    const CHECK: Check = Check::require(
        In::SIZE.is_multiple_of(Group::USIZE),
        "{} features do not come in groups of {}",
    )
    .number(In::SIZE)
    .number(Group::USIZE);

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, x, mut y, .. } = pass;
        let (x, s) = (columns::<Group, T>(x.as_slice()), columns::<Group, T>(&params.scale));
        y.iter_mut().enumerate().for_each(|(i, y)| *y = s.column(i % s.ncols()).dot(&x.column(i)));
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, x, dy, mut dx, cx, .. } = pass;
        cx.start(gradient);
        let (x, s) = (columns::<Group, T>(x.as_slice()), columns::<Group, T>(&params.scale));
        let mut ds = columns_mut::<Group, T>(&mut gradient.scale);
        for (i, &dy) in dy.iter().enumerate() {
            ds.column_mut(i % s.ncols()).axpy(dy, &x.column(i), T::ONE);
            let Some(dx) = &mut dx else { continue };
            let mut dx = columns_mut::<Group, T>(dx.as_mut_slice());
            dx.column_mut(i).axpy(dy, &s.column(i % s.ncols()), T::ZERO);
        }
    }
}

network! { struct Sums: Vector<6> => Vector<2> { sum: WeightedSum<3> } }

fn main() {
    println!("gradient checked: {:?}", GradCheck::new(1).network::<Sums>());
}
