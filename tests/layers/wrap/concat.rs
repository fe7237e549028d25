//! Stacks side by side.

use crate::passes::Passes;
use formwork::data::{Batch, Grid};
use formwork::gradcheck::GradCheck;
use formwork::layer::{Layer, Mode};
use formwork::layers::Concat;
use formwork::plain::{Plain, TensorVisitor};
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U3, U4, U5};
use proptest::prelude::*;
use rand::SeedableRng;

network! {
    /// Three branches, of which the first ends in a layer that reads its output and the second
    /// has no parameters, after a layer that wants its gradient.
    struct Branched: Vector<3> => Vector<2> {
        before: Dense<4>,
        Concat {
            { deep: Dense<5>, Relu },
            { same: LayerNorm },
            { bn: BatchNorm, wide: Dense<2>, nested: Concat { { a: Dense<1> }, { b: Dense<2> } } },
        },
        after: Dense<2>,
    }
}

network! {
    struct Pixels: Image<2, 2, 3> => Image<9, 2, 3> {
        Concat { { n: LayerNorm }, { b: BatchNorm }, { c: Concat { { Relu }, { again: BatchNorm } } } },
        Concat { { Residual { Relu } }, { one: TakeOne } },
    }
}

mod take_one {
    use formwork::kernel::Real;
    use formwork::layer::{Backward, Context, Layer};
    use formwork::shape::{Columns, ColumnsMut, Image, Shape};
    use formwork::typenum::U1;

    formwork::layer! {
        /// The last channel of an image.
        pub struct TakeOne;
    }

    impl<In: Shape> Layer<In> for TakeOne {
        type Out = Image<U1, In::Height, In::Width>;
        type Params<T: Real> = ();
        type Stats<T: Real> = ();
        type State<T: Real> = ();
        type Tape<T: Real> = ();
        const OPERATIONS: usize = 0;

        fn forward<T: Real>(
            _: &(),
            _: &(),
            _: &mut (),
            x: Columns<'_, In, T>,
            mut y: ColumnsMut<'_, Self::Out, T>,
            _: &mut (),
            _: &mut Context<'_, T>,
        ) {
            for (y, x) in y.as_mut_slice().iter_mut().zip(x.numbers().chunks(In::DIMS[0])) {
                *y = x[In::DIMS[0] - 1];
            }
        }

        fn backward<T: Real>(
            _: &(),
            _: &mut (),
            pass: Backward<'_, In, Self::Out, T>,
            _: &mut (),
            _: &mut Context<'_, T>,
        ) {
            if let Some(mut dx) = pass.dx {
                dx.as_mut_slice().fill(T::ZERO);
                let pixels = dx.as_mut_slice().chunks_mut(In::DIMS[0]);
                for (dx, dy) in pixels.zip(pass.dy.as_slice()) {
                    dx[In::DIMS[0] - 1] = *dy;
                }
            }
        }
    }
}
use take_one::TakeOne;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn gradients(seed: u64, columns in 2..5_usize) {
        let check = GradCheck::new(seed).columns(columns);
        check.network::<Branched>()?;
        check.network::<Pixels>()?;
    }
}

#[test]
fn channels_lie_side_by_side_in_every_pixel() {
    // An image of 2 x 1 x 2, channels innermost: pixels (1, -2) and (-3, 4). Its positive part and
    // itself side by side.
    type Both = Concat<(Positive, (Residual<Zero>, ()))>;
    network! { struct Positive: Image<2, 1, 2> => Image<2, 1, 2> { Relu } }
    network! { struct Zero: Image<2, 1, 2> => Image<2, 1, 2> { BatchNorm } }
    let mut passes = Passes::<Both, Image<U2, U1, U2>>::new(2);
    passes.params.rest.first.batch_norm1.weight.fill(0.0);
    let y = passes.forward(&[1.0, -2.0, -3.0, 4.0], Mode::Inference);
    assert_eq!(y, [1.0, 0.0, 1.0, -2.0, 0.0, 4.0, -3.0, 4.0]);
}

#[test]
fn parameters_statistics_and_summary_are_those_of_all_branches() {
    let inner = (4 * 5 + 5) + (4 + 4) + (4 + 4) + (4 * 2 + 2) + (2 + 1) + (2 * 2 + 2);
    assert_eq!(Branched::PARAMETERS, (3 * 4 + 4) + inner + (12 * 2 + 2));
    let model = Model::<Branched>::new(&mut Generator::seed_from_u64(1));
    assert_eq!(model.concat1.rest.first.same.weight.as_slice(), [1.0; 4]);
    assert_eq!(model.stats.concat1.rest.rest.first.bn.running_var.as_slice(), [1.0; 4]);
    let names: Vec<_> = <Branched as Layer<Vector<U3>>>::LAYERS[1]
        .layers
        .iter()
        .map(|branch| {
            let inner: Vec<_> = branch.layers.iter().map(|layer| layer.name).collect();
            (branch.name, branch.output, inner.join(" "))
        })
        .collect();
    let expected = [
        ("branch 1", [5, 1, 1], "deep relu1"),
        ("branch 2", [4, 1, 1], "same"),
        ("branch 3", [3, 1, 1], "bn wide nested"),
    ];
    assert_eq!(names, expected.map(|(name, output, inner)| (name, output, inner.to_string())));
    assert!(Branched::summary().contains("\n  branch 3 "), "{}", Branched::summary());
}

#[test]
fn running_statistics_inside_are_observed() {
    let mut model = Model::<Pixels, f64>::new(&mut Generator::seed_from_u64(1));
    let x = Batch::<Grid<2, 2, 3>, f64>::from_vec((0..24).map(f64::from).collect()).unwrap();
    let mut workspace = Workspace::<Pixels, f64>::new(2, 1);
    workspace.forward(&model, &x);
    workspace.observe(&mut model);
    // Channel 0 holds 0..6 and 12..18, channel 1 six more.
    let mean = &model.stats.concat1.rest.first.b.running_mean;
    assert!((mean[0] - 0.1 * 8.5).abs() < 1e-12 && (mean[1] - 0.1 * 14.5).abs() < 1e-12);
    let nested = &model.stats.concat1.rest.rest.first.c.rest.first.again.running_mean;
    assert_eq!(nested.as_slice(), mean.as_slice());
}

#[test]
#[should_panic(
    expected = "layer `concat1`: its branches disagree: branch 1 gives `Image<2, 3, 4>`, branch 3 gives `Vector<5>`"
)]
fn branches_of_other_sizes_are_refused() {
    type Unequal = Concat<(Relu, (TakeOne, (Dense<U5>, ())))>;
    <Unequal as Layer<Image<U2, U3, U4>>>::CHECK.report("concat1");
}

#[test]
fn tensors_have_the_numbers_of_their_stacks_for_names() {
    let mut names = Vec::new();
    type Params = <Branched as Layer<Vector<U3>>>::Params<f32>;
    Params::tensors(&mut TensorVisitor::new(&mut |name, _, _| names.push(name.to_string())));
    let weights: Vec<_> = names.iter().filter_map(|name| name.strip_suffix(".weight")).collect();
    assert_eq!(
        weights,
        [
            "before",
            "concat1.0.deep",
            "concat1.1.same",
            "concat1.2.bn",
            "concat1.2.wide",
            "concat1.2.nested.0.a",
            "concat1.2.nested.1.b",
            "after"
        ]
    );
}
