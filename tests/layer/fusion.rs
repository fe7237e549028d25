//! Rectifiers whose work the layers beside them do, against functions of each element that nobody
//! knows to be rectifiers.

use crate::harness::numbers;
use formwork::data::{Batch, Grid, Values};
use formwork::kernel::Real;
use formwork::layer::{Fused, Fusion, Nonlinearity};
use formwork::prelude::*;
use nalgebra::Const;
use rand::SeedableRng;

formwork::layer! {
    /// What `Relu` computes.
    pub struct Positive;
}

impl Activation for Positive {
    const NONLINEARITY: Nonlinearity = <Relu as Activation>::NONLINEARITY;

    #[inline(always)]
    fn function<T: Real>(x: T) -> T {
        Relu::function(x)
    }

    #[inline(always)]
    fn derivative<T: Real>(y: T) -> T {
        Relu::derivative(y)
    }
}

formwork::activation!(Positive);

/// The same network with either: rectifiers first, after and before layers of every kind, between
/// two that could do their work, twice in a row, and last.
macro_rules! networks {
    ($($name:ident: $relu:ident,)*) => {
        $(network! {
            pub struct $name: Image<2, 9, 9> => Vector<3> {
                first: $relu,
                conv1: Conv2d<17, 3, pad = 1>,
                relu1: $relu,
                conv2: Conv2d<4, 3, pad = 1, groups = 1>,
                relu2: $relu,
                pool: MaxPool<3, stride = 2>,
                conv3: Conv2d<4, 3, stride = 2, pad = 1, groups = 2>,
                branch: Residual { conv: Conv2d<4, 1>, relu: $relu, again: $relu },
                relu3: $relu,
                mean: AvgPool<2>,
                fc1: Dense<20>,
                relu4: $relu,
                fc2: Dense<3>,
                last: $relu,
            }
        })*
    };
}

networks! {
    WithRelu: Relu,
    WithPositive: Positive,
}

/// Outputs and gradients of a step on five samples.
fn step<N>(seed: u64) -> (Vec<f64>, Vec<f64>, Vec<f64>)
where
    N: Network<Sample = Grid<2, 9, 9>, Outputs = Const<3>>,
{
    let mut model = Model::<N, f64>::new(&mut Generator::seed_from_u64(seed));
    // With biases, so that not all of a window is 0 at once.
    let noise = numbers::<f64>(model.parameters().len(), seed);
    model.parameters_mut().iter_mut().zip(noise).for_each(|(p, n)| *p += 0.1 * n);
    let x = Batch::from_vec(numbers(5 * 162, seed + 1)).unwrap();
    let t = Batch::<Values<3>, f64>::from_vec(numbers(15, seed + 2)).unwrap();
    let mut workspace = Workspace::<N, f64>::new(5, 0);
    let mut step = workspace.forward(&mut model, &x);
    let y = step.outputs().as_slice().to_vec();
    step.loss(&MeanSquaredError, &t);
    let gradient = step.backward().to_vec();
    let inferred = Inference::<N, f64>::new(5).run(&model, &x).as_slice().to_vec();
    (y, gradient, inferred)
}

#[test]
fn who_rectifies_makes_no_difference() {
    for seed in 0..20 {
        assert_eq!(step::<WithRelu>(seed), step::<WithPositive>(seed), "seed {seed}");
    }
}

#[test]
fn a_layer_is_fused_with_the_rectifier_beside_it() {
    let both = Fusion { rectifies: true, masks: true, is_rectifier: false };
    let relu = Fusion { is_rectifier: true, ..Fusion::NONE };
    let fused = |before, after| Fused { before, after };
    assert_eq!(
        Fusion::of([relu, both, relu, relu, Fusion::NONE, relu, both, both]),
        [
            fused(false, true), // goes backward with the next
            fused(true, true),
            fused(true, false), // goes forward with the one before, and the next is no help
            fused(false, false),
            fused(false, false),
            fused(false, true),
            fused(true, false),
            fused(false, false),
        ]
    );
}

/// Minus infinity would be gone after the rectifier.
#[test]
fn what_is_not_finite_is_seen_before_it_is_rectified() {
    let mut model = Model::<WithRelu>::new(&mut Generator::seed_from_u64(1));
    model.params.conv2.bias[0] = f32::NEG_INFINITY;
    let x = Batch::from_vec(vec![0.5; 162]).unwrap();
    let found = Inference::<WithRelu>::new(1).first_not_finite(&model, &x);
    assert_eq!(found.as_deref(), Some("conv2"));
}
