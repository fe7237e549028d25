//! The convolutional networks of the book's chapters 7 and 8.

use formwork::prelude::*;

network! {
    /// Chapter 7: one convolution.
    pub struct SimpleConvNet: Image<1, 28, 28> => Vector<10> {
        conv1: Conv2d<30, 5>(Init::Normal(0.01)),
        Relu,
        MaxPool<2>,
        fc1: Dense<100>(Init::Normal(0.01)),
        Relu,
        fc2: Dense<10>(Init::Normal(0.01)),
    }
}

network! {
    /// Chapter 8: six convolutions.
    pub struct DeepConvNet: Image<1, 28, 28> => Vector<10> {
        conv1: Conv2d<16, 3, pad = 1>(Init::He),
        Relu,
        conv2: Conv2d<16, 3, pad = 1>(Init::He),
        Relu,
        MaxPool<2>,
        conv3: Conv2d<32, 3, pad = 1>(Init::He),
        Relu,
        conv4: Conv2d<32, 3, pad = 2>(Init::He),
        Relu,
        MaxPool<2>,
        conv5: Conv2d<64, 3, pad = 1>(Init::He),
        Relu,
        conv6: Conv2d<64, 3, pad = 1>(Init::He),
        Relu,
        MaxPool<2>,
        fc1: Dense<50>(Init::He),
        Relu,
        Dropout(0.5),
        fc2: Dense<10>(Init::He),
        Dropout(0.5),
    }
}

const _: () = assert!(SimpleConvNet::PARAMETERS == 433_890);
const _: () = assert!(DeepConvNet::PARAMETERS == 123_552);
// For a batch of 100, no more than what PyTorch keeps for backward (54,122 floats a sample, and 6,208
// places of largest pixels, of 8 bytes each) and 2 MB for transforms of convolutions.
const _: () =
    assert!(DeepConvNet::WORKSPACE.bytes(100) <= 100 * (4 * 54_122 + 8 * 6_208) + 2_000_000);
