//! The networks that are declared here: those of the models that people have.

use formwork::prelude::*;

network! {
    /// A recurrent model of an amplifier: eight cells, as plug-ins built on RTNeural have.
    pub struct Lstm8: Vector<1> => Vector<1> { lstm1: Lstm<8>, dense1: Dense<1> }
}

network! {
    pub struct Gru8: Vector<1> => Vector<1> {
        gru1: Gru<8>,
        dense1: Dense<8>,
        Sigmoid,
        dense2: Dense<1>,
    }
}

network! {
    /// Four layers of cells, as PyTorch has them.
    pub struct FourLstms: Vector<1> => Vector<1> {
        lstm1: Lstm<8>,
        lstm2: Lstm<8>,
        lstm3: Lstm<8>,
        lstm4: Lstm<8>,
        dense1: Dense<1>,
    }
}

network! {
    pub struct Shaper: Vector<1> => Vector<1> {
        dense1: Dense<8>,
        Tanh,
        dense2: Dense<8>,
        Relu,
        dense3: Dense<8>,
        Elu,
        dense4: Dense<8>,
        Softmax,
        dense5: Dense<1>,
        dense6: Dense<8>,
        dense7: Dense<8>,
        dense8: Dense<1>,
    }
}

network! {
    /// Convolutions over time, with rectifiers whose slopes are learnt as sums of two.
    pub struct Convolutions: Vector<1> => Vector<1> {
        dense1: Dense<8>,
        Tanh,
        conv1: CausalConv1d<4, 3>,
        Tanh,
        BatchNorm,
        split1: CausalConv1d<8, 1, bias = 0>,
        Relu,
        join1: CausalConv1d<4, 1, bias = 0>,
        conv2: CausalConv1d<4, 1>,
        Tanh,
        conv3: CausalConv1d<6, 3, dilation = 2, groups = 2>,
        Tanh,
        BatchNorm,
        split2: CausalConv1d<12, 1, bias = 0>,
        Relu,
        join2: CausalConv1d<6, 1, bias = 0>,
        dense2: Dense<1>,
        Sigmoid,
    }
}

network! {
    /// Convolutions over time and frequency: filters over time of all frequencies.
    pub struct Spectral: Vector<23> => Vector<8> {
        conv1: CausalConv1d<38, 5, dilation = 2>,
        BatchNorm,
        Relu,
        conv2: CausalConv1d<30, 4>,
        BatchNorm,
        conv3: CausalConv1d<8, 2, dilation = 3>,
    }
}

network! {
    pub struct Grouped: Vector<6> => Vector<3> { conv1: CausalConv1d<3, 4, dilation = 10, groups = 3> }
}

network! {
    /// The first block of a micro-TCN: a convolution, and a way past it.
    pub struct MicroTcn: Vector<1> => Vector<32> {
        Concat {
            {
                conv: CausalConv1d<32, 4, dilation = 10, bias = 0>,
                BatchNorm,
                split: CausalConv1d<64, 1, bias = 0>,
                Relu,
                join: CausalConv1d<32, 1, bias = 0>,
            },
            { past: CausalConv1d<32, 1, bias = 0> },
        },
        sum: CausalConv1d<32, 1, bias = 0>,
    }
}

network! {
    /// Neural Amp Modeler's small LSTM.
    pub struct NamLstm: Vector<1> => Vector<1> { lstm1: Lstm<3>, head: Dense<1> }
}

network! {
    /// A small WaveNet of Neural Amp Modeler.
    pub struct SmallWaveNet: Vector<1> => Vector<1> {
        input: WaveNetInput<3>,
        layer1: WaveNetLayer<3, 3> { Tanh },
        layer2: WaveNetLayer<3, 3, dilation = 2> { Tanh },
        rechannel: WaveNetRechannel<3, 2>,
        layer3: WaveNetLayer<2, 3, dilation = 8> { Tanh },
        skips: WaveNetSkips<2>,
        head: CausalConv1d<1, 1>,
    }
}

network! {
    /// Neural Amp Modeler's A1, "standard": ten layers of 16 channels and ten of 8, each of twice the
    /// reach of the one before.
    pub struct A1: Vector<1> => Vector<1> {
        input: WaveNetInput<16>,
        layer1: WaveNetLayer<16, 3> { Tanh },
        layer2: WaveNetLayer<16, 3, dilation = 2> { Tanh },
        layer3: WaveNetLayer<16, 3, dilation = 4> { Tanh },
        layer4: WaveNetLayer<16, 3, dilation = 8> { Tanh },
        layer5: WaveNetLayer<16, 3, dilation = 16> { Tanh },
        layer6: WaveNetLayer<16, 3, dilation = 32> { Tanh },
        layer7: WaveNetLayer<16, 3, dilation = 64> { Tanh },
        layer8: WaveNetLayer<16, 3, dilation = 128> { Tanh },
        layer9: WaveNetLayer<16, 3, dilation = 256> { Tanh },
        layer10: WaveNetLayer<16, 3, dilation = 512> { Tanh },
        rechannel: WaveNetRechannel<16, 8>,
        layer11: WaveNetLayer<8, 3> { Tanh },
        layer12: WaveNetLayer<8, 3, dilation = 2> { Tanh },
        layer13: WaveNetLayer<8, 3, dilation = 4> { Tanh },
        layer14: WaveNetLayer<8, 3, dilation = 8> { Tanh },
        layer15: WaveNetLayer<8, 3, dilation = 16> { Tanh },
        layer16: WaveNetLayer<8, 3, dilation = 32> { Tanh },
        layer17: WaveNetLayer<8, 3, dilation = 64> { Tanh },
        layer18: WaveNetLayer<8, 3, dilation = 128> { Tanh },
        layer19: WaveNetLayer<8, 3, dilation = 256> { Tanh },
        layer20: WaveNetLayer<8, 3, dilation = 512> { Tanh },
        skips: WaveNetSkips<8>,
        head: CausalConv1d<1, 1>,
    }
}

network! {
    /// Neural Amp Modeler's A2 at its full width: 23 layers of 8 channels, and a head that looks back,
    /// too.
    pub struct A2: Vector<1> => Vector<1> {
        input: WaveNetInput<8>,
        layer1: WaveNetLayer<8, 6> { LeakyRelu },
        layer2: WaveNetLayer<8, 6, dilation = 3> { LeakyRelu },
        layer3: WaveNetLayer<8, 6, dilation = 7> { LeakyRelu },
        layer4: WaveNetLayer<8, 6, dilation = 17> { LeakyRelu },
        layer5: WaveNetLayer<8, 6, dilation = 41> { LeakyRelu },
        layer6: WaveNetLayer<8, 6, dilation = 101> { LeakyRelu },
        layer7: WaveNetLayer<8, 6, dilation = 239> { LeakyRelu },
        layer8: WaveNetLayer<8, 6> { LeakyRelu },
        layer9: WaveNetLayer<8, 6, dilation = 3> { LeakyRelu },
        layer10: WaveNetLayer<8, 6, dilation = 7> { LeakyRelu },
        layer11: WaveNetLayer<8, 6, dilation = 17> { LeakyRelu },
        layer12: WaveNetLayer<8, 6, dilation = 41> { LeakyRelu },
        layer13: WaveNetLayer<8, 6, dilation = 101> { LeakyRelu },
        layer14: WaveNetLayer<8, 6, dilation = 239> { LeakyRelu },
        layer15: WaveNetLayer<8, 15> { LeakyRelu },
        layer16: WaveNetLayer<8, 15, dilation = 13> { LeakyRelu },
        layer17: WaveNetLayer<8, 6> { LeakyRelu },
        layer18: WaveNetLayer<8, 6, dilation = 3> { LeakyRelu },
        layer19: WaveNetLayer<8, 6, dilation = 7> { LeakyRelu },
        layer20: WaveNetLayer<8, 6, dilation = 17> { LeakyRelu },
        layer21: WaveNetLayer<8, 6, dilation = 41> { LeakyRelu },
        layer22: WaveNetLayer<8, 6, dilation = 101> { LeakyRelu },
        layer23: WaveNetLayer<8, 6, dilation = 239> { LeakyRelu },
        skips: WaveNetSkips<8>,
        head: CausalConv1d<1, 16>,
    }
}

// Facts of the networks are constants.
const _: () = assert!(A1::PARAMETERS == 13_801 && A1::RECEPTIVE_FIELD == 1 + 2 * 2 * 1023);
const _: () = assert!(A2::RECEPTIVE_FIELD == 1 + 5 * 3 * 409 + 14 * (1 + 13) + 15);
