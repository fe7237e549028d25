//! A layer of one's own, from its shape rule to training: adds up every `Group` neighbours, with
//! weights that are learned. `GroupSum<3>` below says "64 features are no groups of 3".
use formwork::data::digits;
use formwork::{gradcheck::GradCheck, layer::prelude::*, prelude::*, typenum::U1};
use formwork::{optim::Adam, train::Trainer};
use rand::SeedableRng;

formwork::layer! { struct GroupSum<Group>; }
formwork::params! { struct Weights<Group> { weight: Rows<T, U1, Group>, } }

impl<In: Shape, Group: Dimension> Layer<In> for GroupSum<Group> {
    type Out = Vector<<In::Features as Dimension>::Over<Group>>;
    formwork::keeps! { params: Weights<Group, T> }
    const CHECK: Check =
        Check::require(In::SIZE.is_multiple_of(Group::USIZE), "{} features are no groups of {}")
            .number(In::SIZE)
            .number(Group::USIZE);

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params: Weights { weight: w }, x, y, .. } = pass;
        product(&w.view(), &reshape(x)).store(&mut reshape_mut(y));
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params: Weights { weight: w }, gradient, x, dy, dx, cx, .. } = pass;
        let (x, dy) = (reshape(x), reshape_mut(dy));
        product(&dy, &x.t()).accumulate(cx.beta(), &mut gradient.weight.view_mut());
        if let Some(dx) = dx {
            product(&w.t(), &dy).store(&mut reshape_mut(dx));
        }
    }
}

network! { struct Digits: Image<1, 8, 8> => Vector<10> { sum: GroupSum<4>, Tanh, out: Dense<10> } }

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("gradient checked: {:?}", GradCheck::new(1).network::<Digits>()?);
    let mut rng = Generator::seed_from_u64(1);
    let digits = digits::parse(include_bytes!("data/digits.csv.gz"))?;
    let mut model = Model::<Digits>::new(&mut rng);
    let loss = SoftmaxCrossEntropy::new();
    Trainer::new(Adam::new(0.01)).fit(&mut model, &loss, &digits, &mut rng)?;
    println!("weights {:.2?}", model.sum.weight[0]);
    Ok(())
}
