//! w3, w4 and w7b: convolutional networks on digits.

use crate::{Workload, dense::train};
use formwork::data::{Batch, Grid};
use formwork::optim::Adam;
use formwork::prelude::*;
use rand::{RngExt, SeedableRng};

network! {
    /// The book's SimpleConvNet.
    pub struct SimpleConvNet: Image<1, 28, 28> => Vector<10> {
        conv1: Conv2d<30, 5>,
        Relu,
        MaxPool<2>,
        fc1: Dense<100>,
        Relu,
        fc2: Dense<10>,
    }
}

network! {
    /// The book's DeepConvNet.
    pub struct DeepConvNet: Image<1, 28, 28> => Vector<10> {
        conv1: Conv2d<16, 3, pad = 1>,
        Relu,
        conv2: Conv2d<16, 3, pad = 1>,
        Relu,
        MaxPool<2>,
        conv3: Conv2d<32, 3, pad = 1>,
        Relu,
        conv4: Conv2d<32, 3, pad = 2>,
        Relu,
        MaxPool<2>,
        conv5: Conv2d<64, 3, pad = 1>,
        Relu,
        conv6: Conv2d<64, 3, pad = 1>,
        Relu,
        MaxPool<2>,
        fc1: Dense<50>,
        Relu,
        fc2: Dense<10>,
    }
}

const _: () = assert!(SimpleConvNet::PARAMETERS == 433_890);
const _: () = assert!(DeepConvNet::PARAMETERS == 123_552);

/// SimpleConvNet, batch 100, Adam.
pub fn w3() -> Workload {
    train::<SimpleConvNet>(100, Adam::new(0.001))
}

/// DeepConvNet, batch 100, Adam.
pub fn w4() -> Workload {
    train::<DeepConvNet>(100, Adam::new(0.001))
}

/// Inference of one sample with DeepConvNet.
pub fn w7b() -> Workload {
    let mut rng = Generator::seed_from_u64(0);
    let pixels = (0..784).map(|_| rng.random::<f32>()).collect();
    let x = Batch::<Grid<1, 28, 28>>::from_vec(pixels).expect("a sample");
    let model = Model::<DeepConvNet>::new(&mut rng);
    let mut inference = Inference::<DeepConvNet>::new(1);
    let step = move || {
        std::hint::black_box(inference.run(&model, std::hint::black_box(&x)));
    };
    Workload { step: Box::new(step), samples: 1, flop: DeepConvNet::FLOP }
}
