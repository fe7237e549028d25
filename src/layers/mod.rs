//! The layers.

mod activation;
mod batch_norm;
mod concat;
mod conv;
mod dense;
mod dropout;
mod elu;
mod embedding;
mod embedding_bag;
mod flatten;
mod gelu;
mod hard_sigmoid;
mod layer_norm;
mod leaky_relu;
mod pool;
mod recurrent;
mod relu;
mod residual;
mod sigmoid;
mod silu;
mod softmax;
mod softplus;
mod tanh;
mod tied_dense;
mod upsample;
mod zero_pad;

pub use activation::Activation;
#[doc(hidden)]
pub use activation::{activate, check_activation, differentiate};
pub use batch_norm::{BatchNorm, BatchNormParams, BatchNormStats};
pub use concat::{Branches, Concat, SeveralStacks};
pub use conv::{
    Conv1d, Conv1dParams, Conv2d, ConvParams, ConvTape, ConvTranspose2d, ConvTransposeParams,
    Geometry,
};
pub use dense::{Dense, DenseParams};
pub use dropout::{Dropout, DropoutTape};
pub use elu::Elu;
pub use embedding::{Embedding, EmbeddingParams, Touched};
pub use embedding_bag::EmbeddingBag;
pub use flatten::Flatten;
pub use gelu::Gelu;
pub use hard_sigmoid::HardSigmoid;
pub use layer_norm::{LayerNorm, LayerNormParams};
pub use leaky_relu::LeakyRelu;
pub use pool::{AvgPool, GlobalAvgPool, MaxPool, MaxPoolTape};
pub use recurrent::{
    Bidirectional, BidirectionalTape, Gru, LastStep, Lstm, MeanSteps, Recurrence, RecurrentParams,
    RecurrentState, Rnn,
};
pub use relu::Relu;
pub use residual::Residual;
pub use sigmoid::Sigmoid;
pub use silu::Silu;
pub use softmax::Softmax;
pub use softplus::Softplus;
pub use tanh::Tanh;
pub use tied_dense::{TiedDense, TiedDenseParams};
pub use upsample::Upsample;
pub use zero_pad::ZeroPad;
