//! Names that layers have elsewhere: what stands under them says what they are called here.
//!
//! They come with the prelude, so that a layer of one's own with such a name takes precedence.

use crate::declare::Habit;

macro_rules! habits {
    ($($other:ident => $here:literal,)*) => {$(
        #[doc(hidden)]
        #[derive(Clone, Copy, Debug)]
        pub struct $other;

        impl Habit for $other {
            const NAMES: [&'static str; 2] = [stringify!($other), $here];
        }
    )*};
}

habits! {
    AdaptiveAvgPool2d => "AdaptiveAvgPool<7, 7>",
    AdaptiveMaxPool2d => "GlobalMaxPool",
    AvgPool2d => "AvgPool<2>",
    AveragePooling1D => "AvgPool1d<2>",
    AveragePooling2D => "AvgPool<2>",
    BatchNorm1d => "BatchNorm",
    BatchNorm2d => "BatchNorm",
    BatchNormalization => "BatchNorm",
    Conv1D => "Conv1d<16, 3>",
    Conv2D => "Conv2d<16, 3>",
    Conv2DTranspose => "ConvTranspose2d<16, 2>",
    ELU => "Elu",
    EmbeddingBag => "Embedding<100>",
    GELU => "Gelu",
    GLU => "Glu",
    GRU => "Gru<100>",
    GlobalAveragePooling2D => "GlobalAvgPool",
    GlobalMaxPooling2D => "GlobalMaxPool",
    Hardsigmoid => "HardSigmoid",
    Hardswish => "HardSwish",
    Hardtanh => "HardTanh(-1.0, 1.0)",
    InstanceNorm1d => "GroupNorm<16, affine = 0>",
    InstanceNorm2d => "GroupNorm<16, affine = 0>",
    LSTM => "Lstm<100>",
    LayerNormalization => "LayerNorm",
    LeakyReLU => "LeakyRelu(0.01)",
    Linear => "Dense<10>",
    MaxPool2d => "MaxPool<2>",
    MaxPooling1D => "MaxPool1d<2>",
    MaxPooling2D => "MaxPool<2>",
    PReLU => "PRelu(0.25)",
    RMSNorm => "RmsNorm",
    RMSNormalization => "RmsNorm",
    RNN => "Rnn<100>",
    ReLU => "Relu",
    ReLU6 => "Relu6",
    SiLU => "Silu",
    SimpleRNN => "Rnn<100>",
    Swish => "Silu",
    UpSampling2D => "Upsample<2>",
    ZeroPad2d => "ZeroPad<1>",
    ZeroPadding2D => "ZeroPad<1>",
}
