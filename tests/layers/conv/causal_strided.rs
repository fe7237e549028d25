//! Convolutions over time with a stride.

use crate::harness::{cases, numbers, passes};
use crate::over_time::agrees_with_pytorch;
use crate::recurrent::gradients;
use formwork::data::{Batch, Grid};
use formwork::gradcheck::GradCheck;
use formwork::layer::Layer;
use formwork::prelude::*;
use formwork::typenum::{U0, U1, U2, U3, U4, U5, U6};
use proptest::prelude::*;
use rand::SeedableRng;

type Grouped = CausalConv1d<U6, U4, U1, U2, U1, U3>;
type Dilated = CausalConv1d<U4, U3, U3, U1, U1, U2>;
type OneTap = CausalConv1d<U4, U1, U1, U1, U1, U2>;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees_with_pytorch::<Grouped, Vector<U4>>(
        9,
        &[2.8455584015, 6.69066876611, -0.324074899772, 0.674728505457],
    );
    agrees_with_pytorch::<Dilated, Vector<U3>>(
        6,
        &[-0.867789885694, -5.14956550823, 2.02326418653, -1.40064409347],
    );
    agrees_with_pytorch::<OneTap, Vector<U3>>(
        6,
        &[-0.725364517099, 3.10676197648, -1.06154576441, -1.40064409347],
    );
}

#[test]
fn gradients_agree_with_differences() {
    gradients::are_right::<Grouped, Vector<U4>>(1, 6, 2);
    // The call is shorter than what is looked back on.
    gradients::are_right::<CausalConv1d<U2, U3, U4, U1, U0, U2>, Vector<U3>>(2, 2, 3);
    gradients::are_right::<OneTap, Vector<U3>>(3, 4, 1);
    gradients::are_right::<CausalConv1d<U5, U2, U1, U1, U1, U5>, Vector<U2>>(4, 10, 2);
}

network! {
    struct Rectified: Vector<2> => Vector<2> {
        conv1: CausalConv1d<5, 2>,
        Relu,
        conv2: CausalConv1d<3, 3, dilation = 2, stride = 2>,
        Relu,
        conv3: CausalConv1d<2, 2, stride = 2>,
    }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients_beside_a_rectifier(seed in any::<u64>()) {
        passes(GradCheck::new(seed).columns(16).lanes(2).network::<Rectified>())?;
    }
}

network! {
    struct Every: Vector<3> => Vector<18> { conv: CausalConv1d<18, 3, dilation = 40> }
}

network! {
    struct Third: Vector<3> => Vector<18> { conv: CausalConv1d<18, 3, dilation = 40, stride = 3> }
}

/// Of every three steps the last one, to the bit, however the sequence is split.
#[test]
fn is_every_third_step_of_the_convolution_without() {
    let every = Model::<Every>::new(&mut Generator::seed_from_u64(1));
    let mut third = Model::<Third>::zeroed();
    third.parameters_mut().copy_from_slice(every.parameters());
    for lanes in [1, 3] {
        let x = numbers::<f32>(3 * 300 * lanes, 2);
        let batch = |x: &[f32]| Batch::<Grid<3>>::from_vec(x.to_vec()).unwrap();
        let mut inference = Inference::<Every>::with_lanes(300 * lanes, lanes);
        let all = inference.run(&every, &batch(&x)).as_slice().to_vec();
        let step = 18 * lanes;
        let expected: Vec<f32> = all.chunks(step).skip(2).step_by(3).flatten().copied().collect();
        for block in [3, 9, 66, 300] {
            let mut inference = Inference::<Third>::with_lanes(block * lanes, lanes);
            let blocks = x.chunks(3 * lanes * block);
            let y = blocks.flat_map(|x| inference.run(&third, &batch(x)).as_slice().to_vec());
            assert!(y.collect::<Vec<_>>() == expected, "{lanes} lanes, blocks of {block}");
        }
    }
}

#[test]
#[should_panic(expected = "layer `conv`: a stride of 0 never leaves the first step; 1 is none")]
fn a_stride_of_zero_is_refused() {
    <CausalConv1d<U4, U3, U1, U1, U1, U0> as Layer<Vector<U2>>>::CHECK.report("conv");
}
