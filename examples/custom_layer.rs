//! A layer of one's own: its shape rule, its diagnostic, its gradient checked, its place in a
//! network. `WeightedSum<4>` there does not compile: "6 features do not come in groups of 4".
use formwork::data::{Batch, Classes, Grid};
use formwork::optim::{Optimizer, Sgd};
use formwork::{gradcheck::GradCheck, layer::prelude::*, prelude::*};
use rand::{RngExt, SeedableRng};

formwork::layer! {
    /// Scales each feature by what is learned, and adds up every `Group` neighbours.
    struct WeightedSum<Group>;
}
formwork::params! { struct Scales<Features> { scale: Row<T, Features>, } }

#[rustfmt::skip] // an argument a line would bury the equations
impl<In: Shape, Group: Dimension> Layer<In> for WeightedSum<Group> {
    type Out = Vector<<In::Features as Dimension>::Over<Group>>;
    type Params<T: Real> = Scales<In::Features, T>;
    formwork::keeps_nothing!();
    const CHECK: Check = Check::require(In::SIZE.is_multiple_of(Group::USIZE),
        "{} features do not come in groups of {}").number(In::SIZE).number(Group::USIZE);
    const OPERATIONS: usize = 2 * In::SIZE;

    fn forward<T: Real>(params: &Self::Params<T>, _: &(), _: &mut (), x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, Self::Out, T>, _: &mut (), _: &mut Context<'_, T>) {
        y.as_mut_slice().fill(T::ZERO);
        for (i, &x) in x.numbers().iter().enumerate() {
            y.as_mut_slice()[i / Group::USIZE] += params.scale[i % In::SIZE] * x;
        }
    }
    fn backward<T: Real>(params: &Self::Params<T>, gradient: &mut Self::Params<T>,
        mut pass: Backward<'_, In, Self::Out, T>, _: &mut (), cx: &mut Context<'_, T>) {
        cx.start(gradient);
        for (i, &x) in pass.x.numbers().iter().enumerate() {
            let (dy, feature) = (pass.dy.as_slice()[i / Group::USIZE], i % In::SIZE);
            gradient.scale[feature] += dy * x;
            if let Some(dx) = &mut pass.dx { dx.as_mut_slice()[i] = dy * params.scale[feature]; }
        }
    }
}

network! { struct Larger: Vector<6> => Vector<2> { sum: WeightedSum<3> } }

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("gradient checked: {:?}", GradCheck::new(1).network::<Larger>()?);
    let mut rng = Generator::seed_from_u64(1);
    let (mut model, mut workspace) = (Model::<Larger>::new(&mut rng), Workspace::new(64, 1));
    let mut sgd = Sgd::new(5.0);
    for step in 0..30 {
        let x: Vec<f32> = (0..6 * 64).map(|_| rng.random_range(-1.0..1.0)).collect();
        let larger = x.chunks(6).map(|x| (3.0 * x[5] - x[3] > x[0] + 2.0 * x[1]).into()).collect();
        let (x, larger) = (Batch::<Grid<6>>::from_vec(x)?, Batch::<Classes<2>>::from_vec(larger)?);
        workspace.forward(&model, &x);
        let loss = workspace.loss(&SoftmaxCrossEntropy::default(), &larger);
        let gradient = workspace.backward(&model, &x);
        sgd.step(model.parameters_mut(), gradient);
        println!("step {step}: loss {loss:.3}, scales {:.1?}", model.sum.scale.as_slice());
    }
    Ok(())
}
