//! Tokens, embeddings and recurrent layers: gradients through time against central differences,
//! values and whole steps of training against PyTorch (`tests/reference/recurrent.py`), what can be
//! learnt, and training that goes on.

mod gradients;
mod reference;
mod sequences;
mod single;
mod training;
