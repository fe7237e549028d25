//! w3, w4 and w7b: convolutional networks on digits.

use crate::Workload;
use crate::dense::{infer, train};
use formwork::optim::Adam;
use formwork::prelude::*;

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
    infer::<DeepConvNet>()
}
