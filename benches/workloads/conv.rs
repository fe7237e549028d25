//! w3, w4 and w7b: convolutional networks on digits.

use crate::dense::{infer, train, train_in_groups};
use crate::workload::Workload;
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

/// Bytes that PyTorch keeps of a sample for backward: of `f32` each rectifier's and pool's output
/// (2 x 16 x 28 x 28, 16 x 14 x 14, 32 x 14 x 14, 32 x 16 x 16, 32 x 8 x 8, 2 x 64 x 8 x 8,
/// 64 x 4 x 4, 50) and that of the loss's logarithms (10), and of `i64` the place of each largest
/// pixel in a pool.
const PYTORCH: usize = 4
    * (2 * 12_544 + 3_136 + 6_272 + 8_192 + 2_048 + 2 * 4_096 + 1_024 + 50 + 10)
    + 8 * (3_136 + 2_048 + 1_024);
const _: () = assert!(PYTORCH == 4 * 54_012 + 8 * 6_208);
// Gradients and all working memory included, that of Winograd's transforms (2 MB) too.
const _: () = assert!(DeepConvNet::WORKSPACE.bytes(100) <= 100 * PYTORCH + 2_000_000);

/// SimpleConvNet, batch 100, Adam.
pub fn w3() -> Workload {
    train::<SimpleConvNet>(100, Adam::new(0.001))
}

/// DeepConvNet, batch 100, Adam, in groups of six or seven samples.
pub fn w4() -> Workload {
    train_in_groups::<DeepConvNet>(100, Adam::new(0.001))
}

/// Inference of one sample with DeepConvNet.
pub fn w7b() -> Workload {
    infer::<DeepConvNet>()
}
