//! Networks as they were published, in size and in number of parameters.

use formwork::data::{Batch, Grid};
use formwork::prelude::*;
use nalgebra::Const;
use rand::{RngExt, SeedableRng};
use std::time::Instant;

network! {
    /// A filter for each channel, and then one pixel of all channels; a stride of `S` leaves `Half`
    /// rows of `H`.
    pub struct Separable<In, Out, H, S, Half>: Image<In, H, H> => Image<Out, Half, Half> {
        depthwise: Conv2d<In, 3, stride = S, groups = In, bias = 0, same = 1>,
        bn1: BatchNorm,
        Relu,
        pointwise: Conv2d<Out, 1, bias = 0>,
        bn2: BatchNorm,
        Relu,
    }
}

network! {
    /// MobileNetV1 (Howard et al., 2017, "MobileNets: efficient convolutional neural networks for
    /// mobile vision applications"), for 1,000 classes.
    pub struct MobileNetV1: Image<3, 224, 224> => Vector<1000> {
        stem: Conv2d<32, 3, stride = 2, bias = 0, same = 1>,
        BatchNorm,
        Relu,
        block1: Separable<32, 64, 112, 1, 112>,
        block2: Separable<64, 128, 112, 2, 56>,
        block3: Separable<128, 128, 56, 1, 56>,
        block4: Separable<128, 256, 56, 2, 28>,
        block5: Separable<256, 256, 28, 1, 28>,
        block6: Separable<256, 512, 28, 2, 14>,
        block7: Separable<512, 512, 14, 1, 14>,
        block8: Separable<512, 512, 14, 1, 14>,
        block9: Separable<512, 512, 14, 1, 14>,
        block10: Separable<512, 512, 14, 1, 14>,
        block11: Separable<512, 512, 14, 1, 14>,
        block12: Separable<512, 1024, 14, 2, 7>,
        block13: Separable<1024, 1024, 7, 1, 7>,
        GlobalAvgPool,
        head: Dense<1000>,
    }
}

network! {
    /// A block whose first convolution leaves a quarter of the pixels, and so does the way around.
    pub struct Down<In, Out, H, Half>: Image<In, H, H> => Image<Out, Half, Half> {
        Residual {
            conv1: Conv2d<Out, 3, stride = 2, pad = 1, bias = 0>,
            bn1: BatchNorm,
            Relu,
            conv2: Conv2d<Out, 3, pad = 1, bias = 0>,
            bn2: BatchNorm,
        } around {
            conv: Conv2d<Out, 1, stride = 2, bias = 0>,
            bn: BatchNorm,
        },
        Relu,
    }
}

use crate::Block;

network! {
    /// ResNet-18 (He et al., 2016), for 1,000 classes.
    pub struct ResNet18: Image<3, 224, 224> => Vector<1000> {
        stem: Conv2d<64, 7, stride = 2, pad = 3, bias = 0>,
        BatchNorm,
        Relu,
        MaxPool<3, stride = 2, pad = 1>,
        block1: Block<64, 56, 56>,
        block2: Block<64, 56, 56>,
        block3: Down<64, 128, 56, 28>,
        block4: Block<128, 28, 28>,
        block5: Down<128, 256, 28, 14>,
        block6: Block<256, 14, 14>,
        block7: Down<256, 512, 14, 7>,
        block8: Block<512, 7, 7>,
        GlobalAvgPool,
        head: Dense<1000>,
    }
}

network! {
    /// Two convolutions that keep the size.
    pub struct Double<In, Out, H>: Image<In, H, H> => Image<Out, H, H> {
        conv1: Conv2d<Out, 3, pad = 1, bias = 0>,
        bn1: BatchNorm,
        Relu,
        conv2: Conv2d<Out, 3, pad = 1, bias = 0>,
        bn2: BatchNorm,
        Relu,
    }
}

network! {
    /// A U-Net (Ronneberger et al., 2015, "U-Net: convolutional networks for biomedical image
    /// segmentation"), with borders and normalised (Buda et al., 2019): each level hands what it sees
    /// across, beside what the smaller ones below make of it.
    pub struct UNet: Image<3, 256, 256> => Image<1, 256, 256> {
        encoder1: Double<3, 32, 256>,
        level1: Concat {
            {
                MaxPool<2>,
                encoder2: Double<32, 64, 128>,
                level2: Concat {
                    {
                        MaxPool<2>,
                        encoder3: Double<64, 128, 64>,
                        level3: Concat {
                            {
                                MaxPool<2>,
                                encoder4: Double<128, 256, 32>,
                                level4: Concat {
                                    {
                                        MaxPool<2>,
                                        bottom: Double<256, 512, 16>,
                                        up: ConvTranspose2d<256, 2, stride = 2>,
                                    },
                                    { Identity },
                                },
                                decoder4: Double<512, 256, 32>,
                                up: ConvTranspose2d<128, 2, stride = 2>,
                            },
                            { Identity },
                        },
                        decoder3: Double<256, 128, 64>,
                        up: ConvTranspose2d<64, 2, stride = 2>,
                    },
                    { Identity },
                },
                decoder2: Double<128, 64, 128>,
                up: ConvTranspose2d<32, 2, stride = 2>,
            },
            { Identity },
        },
        decoder1: Double<64, 32, 256>,
        out: Conv2d<1, 1>,
        Sigmoid,
    }
}

// What is published, of MobileNetV1 by Keras (but for running statistics, which are not trained), of
// ResNet-18 by torchvision, of the U-Net by its authors.
const _: () = assert!(MobileNetV1::PARAMETERS == 4_231_976);
const _: () = assert!(ResNet18::PARAMETERS == 11_689_512);
const _: () = assert!(UNet::PARAMETERS == 7_763_041);

/// Runs each network on one image of random pixels, with random weights.
pub fn show() {
    run::<MobileNetV1, 224, 1000>();
    run::<ResNet18, 224, 1000>();
    run::<UNet, 256, { 256 * 256 }>();
}

fn run<N, const SIZE: usize, const OUT: usize>()
where
    N: Network<Sample = Grid<3, SIZE, SIZE>, Outputs = Const<OUT>>,
{
    let mut rng = Generator::seed_from_u64(1);
    let model = Model::<N>::new(&mut rng);
    let pixels = (0..3 * SIZE * SIZE).map(|_| rng.random()).collect();
    let image = Batch::from_vec(pixels).expect("an image");
    let mut inference = Inference::<N>::new(1);
    inference.run(&model, &image);
    let start = Instant::now();
    let norm = inference.run(&model, &image).norm();
    let milliseconds = 1e3 * start.elapsed().as_secs_f64();
    println!(
        "{:12} {:>10} parameters, {:4.1} GFLOP, {milliseconds:4.0} ms; norm of the output {norm:.3}",
        N::NAME,
        N::PARAMETERS,
        N::OPERATIONS as f64 / 1e9,
    );
}
