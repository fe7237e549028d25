//! The layers.

mod batch_norm;
mod bidirectional;
mod concat;
mod dense;
mod embedding;
mod gru;
mod last_step;
mod layer_norm;
mod lstm;
mod mean_steps;
mod recurrent;
mod relu;
mod residual;
mod rnn;
mod tied_dense;

pub use batch_norm::{BatchNorm, BatchNormParams, BatchNormStats};
pub use bidirectional::{Bidirectional, BidirectionalTape};
pub use concat::{Branches, Concat, SeveralStacks};
pub use dense::{Dense, DenseParams};
pub use embedding::{Embedding, EmbeddingParams};
pub use gru::{Gru, GruParams, GruTape};
pub use last_step::LastStep;
pub use layer_norm::{LayerNorm, LayerNormParams};
pub use lstm::{Lstm, LstmParams, LstmState, LstmTape};
pub use mean_steps::MeanSteps;
pub use recurrent::{HiddenState, Recurrence};
pub use relu::Relu;
pub use residual::Residual;
pub use rnn::{Rnn, RnnParams};
pub use tied_dense::{TiedDense, TiedDenseParams};
