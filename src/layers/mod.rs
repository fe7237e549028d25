//! The layers.

mod bidirectional;
mod dense;
mod embedding;
mod gru;
mod last_step;
mod lstm;
mod mean_steps;
mod recurrent;
mod relu;
mod residual;
mod rnn;

pub use bidirectional::{Bidirectional, BidirectionalTape};
pub use dense::{Dense, DenseParams};
pub use embedding::{Embedding, EmbeddingParams};
pub use gru::{Gru, GruParams, GruTape};
pub use last_step::LastStep;
pub use lstm::{Lstm, LstmParams, LstmState, LstmTape};
pub use mean_steps::MeanSteps;
pub use recurrent::{HiddenState, Recurrence};
pub use relu::Relu;
pub use residual::Residual;
pub use rnn::{Rnn, RnnParams};
