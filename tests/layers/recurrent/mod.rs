//! Recurrent layers: gradients through time against central differences, values and whole steps of
//! training against PyTorch (`tests/reference/recurrent.py`), what can be learnt, and training that
//! goes on.

mod bidirectional;
pub mod gradients;
mod gru;
mod last_step;
mod lengths;
mod lstm;
mod mean_steps;
mod reference;
mod rnn;
mod sequences;
mod single;
mod training;
