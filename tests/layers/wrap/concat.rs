//! Stacks side by side.

use crate::harness::{Passes, cases, passes};
use formwork::data::{Batch, Grid};
use formwork::gradcheck::GradCheck;
use formwork::layer::{Layer, Mode, Plain, TensorVisitor};
use formwork::layers::Concat;
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
    use formwork::layer::{Backward, Forward, Layer};
    use formwork::shape::{Image, Shape, pixels, pixels_mut};
    use formwork::typenum::U1;

    formwork::layer! {
        /// The last channel of an image.
        pub struct TakeOne;
    }

    impl<In: Shape> Layer<In> for TakeOne {
        type Out = Image<U1, In::Height, In::Width>;
        formwork::keeps! {}

        fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
            let Forward { x, mut y, .. } = pass;
            let x = pixels::<In, T>(&x);
            y.as_mut_slice().iter_mut().zip(&x.row(In::DIMS[0] - 1)).for_each(|(y, &x)| *y = x);
        }

        fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
            let Backward { dy, dx: Some(mut dx), .. } = pass else { return };
            dx.fill(T::ZERO);
            let mut dx = pixels_mut::<In, T>(&mut dx);
            let mut last = dx.row_mut(In::DIMS[0] - 1);
            last.iter_mut().zip(&dy).for_each(|(dx, &dy)| *dx = dy);
        }
    }
}
use take_one::TakeOne;

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients(seed: u64, columns in 2..5_usize) {
        let check = GradCheck::new(seed).columns(columns);
        passes(check.network::<Branched>())?;
        passes(check.network::<Pixels>())?;
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
    let rows: Vec<_> = Branched::summary().lines().skip(3).map(str::to_string).collect();
    let expected = [
        "before          Dense<4>            4          16          24",
        "concat1         Concat { .. }      12          60         117",
        "  branch 1      { .. }              5          25          45",
        "    deep        Dense<5>            5          25          40",
        "    relu1       Relu                5           0           5",
        "  branch 2      { .. }              4           8          36",
        "    same        LayerNorm           4           8          36",
        "  branch 3      { .. }              3          27          36",
        "    bn          BatchNorm           4           8           8",
        "    wide        Dense<2>            2          10          16",
        "    nested      Concat { .. }       3           9          12",
        "      branch 1  { .. }              1           3           4",
        "        a       Dense<1>            1           3           4",
        "      branch 2  { .. }              2           6           8",
        "        b       Dense<2>            2           6           8",
        "after           Dense<2>            2          26          48",
    ];
    assert_eq!(rows[..expected.len()], expected);
}

network! {
    struct Many: Vector<2> => Vector<20> {
        Concat {
            { Relu }, { Relu }, { Relu }, { Relu }, { Relu }, { Relu }, { Relu }, { Relu }, { Relu },
            { tenth: LayerNorm },
        },
    }
}

#[test]
fn there_is_no_limit_to_branches() {
    assert!(Many::summary().contains("\n  branch 10  { .. }"), "{}", Many::summary());
    let mut passes = Passes::<Many, Vector<U2>>::new(1);
    let (y, dx) = passes.train(&[3.0, -2.0], &[1.0; 20], 0);
    assert_eq!(y[..18], [3.0, 0.0].repeat(9));
    // Nine rectifiers hand on what is for the first feature; a normalisation of two, nothing.
    assert!((dx[0] - 9.0).abs() < 1e-5 && dx[1].abs() < 1e-5, "{dx:?}");
}

#[test]
fn running_statistics_inside_are_observed() {
    let mut model = Model::<Pixels, f64>::new(&mut Generator::seed_from_u64(1));
    let x = Batch::<Grid<2, 2, 3>, f64>::from_vec((0..24).map(f64::from).collect()).unwrap();
    let mut workspace = Workspace::<Pixels, f64>::new(2, 1);
    workspace.forward(&mut model, &x).backward();
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
#[should_panic(
    expected = "layer `concat1`: its branches disagree: branch 2 leaves one step of each sequence, branch 1 keeps all"
)]
fn branches_of_other_numbers_of_steps_are_refused() {
    type Unequal = Concat<(Relu, (LastStep, ()))>;
    <Unequal as Layer<Vector<U2>>>::CHECK.report("concat1");
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
